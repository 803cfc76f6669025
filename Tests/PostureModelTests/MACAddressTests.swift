import FoundationEssentials
import PostureModel
import Testing

@Suite("A MAC address")
struct MACAddressTests {
    @Test("is six octets in lower case with colons")
    func octets() throws {
        let octets: [UInt8] = [0x00, 0x00, 0x5e, 0x00, 0x53, 0xFE]
        let mac = try #require(MACAddress(octets: octets, interface: "a", source: .current))
        #expect(mac.address == "00:00:5e:00:53:fe")
    }

    @Test(
        "names one interface, which these do not",
        arguments: [
            [], [0, 0, 0, 0, 0, 0], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0x01, 0, 0x5e, 0, 0, 1],
            [2, 0, 0, 0, 0], [2, 0, 0, 0, 0, 0, 1], Array(repeating: 2, count: 20),
        ] as [[UInt8]]
    )
    func invalid(octets: [UInt8]) {
        #expect(MACAddress(octets: octets, interface: "a", source: .permanent) == nil)
    }

    @Test(
        "is normalised from the ways in which people write it",
        arguments: [
            ("00:00:5e:00:53:af", "00:00:5e:00:53:af"), ("00-00-5E-00-53-AF", "00:00:5e:00:53:af"),
            ("0000.5e00.53af", "00:00:5e:00:53:af"), ("00005E0053AF", "00:00:5e:00:53:af"),
            ("", nil), ("00:00:5e:00:53", nil), ("00:00:5e:00:53:af:01", nil), ("00:00:5e:00:53:ag", nil),
            ("0:0:5e:0:53:af", nil), (" 00:00:5e:00:53:af", nil), ("００:00:5e:00:53:af", nil),
        ]
    )
    func normalised(text: String, address: String?) {
        #expect(MACAddress.normalised(text) == address)
    }

    @Test(
        "tells whether software made it up",
        arguments: [
            (0x00, false), (0x02, true), (0x52, true), (0x74, false), (0xfe, true), (0xfc, false),
        ] as [(UInt8, Bool)]
    )
    func locallyAdministered(first: UInt8, expected: Bool) throws {
        let mac = try #require(MACAddress(octets: [first, 0, 0x5e, 0, 0x53, 1], interface: "a", source: .current))
        #expect(mac.isLocallyAdministered == expected)
    }

    @Test("says on the wire whether it was made up, and is judged anew when it is read")
    func coding() throws {
        let mac = try #require(MACAddress(octets: [2, 0, 0x5e, 0, 0x53, 1], interface: "wlan0", source: .current))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let encoded = try encoder.encode(mac)
        let expected =
            #"{"address":"02:00:5e:00:53:01","interface":"wlan0","locally_administered":true,"source":"current"}"#
        #expect(String(decoding: encoded, as: UTF8.self) == expected)
        #expect(try JSONDecoder().decode(MACAddress.self, from: encoded) == mac)

        let liar = #"{"address":"00-00-5E-00-53-01","interface":"a","locally_administered":true,"source":"permanent"}"#
        let read = try JSONDecoder().decode(MACAddress.self, from: Data(liar.utf8))
        #expect(read.address == "00:00:5e:00:53:01")
        #expect(!read.isLocallyAdministered)
    }

    @Test("is refused on the wire when it is none")
    func refused() {
        let text = #"{"address":"not an address","interface":"a","source":"current"}"#
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(MACAddress.self, from: Data(text.utf8)) }
    }
}
