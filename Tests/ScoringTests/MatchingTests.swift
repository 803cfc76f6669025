import PostureModel
import Scoring
import Testing

@Suite("The device that is asked about")
struct MatchingTests {
    let asked = AskedDevice(
        deviceID: "warp-1",
        serialNumber: "PF0FAKE1",
        macAddress: "74:1d:3e:23:e0:fe",
        hostname: "laptop-1"
    )

    func known(
        _ number: UInt8 = 1,
        facts: Facts = Sample.facts(),
        warpIDs: [String] = [],
        hasWARPID: Bool = false
    ) -> Known {
        Known(report: Sample.report(number, facts: facts, warpIDs: warpIDs), hasWARPID: hasWARPID)
    }

    @Test("is the one that reported the WARP id, whatever else the row says")
    func byWARPID() {
        let owner = known(warpIDs: ["warp-1"], hasWARPID: true)
        let stranger = AskedDevice(deviceID: "warp-1", serialNumber: "x", macAddress: "y", hostname: "z")
        #expect(match(asked, byWARPID: owner, bySerial: nil) == .byWARPID(Sample.device(1)))
        #expect(match(stranger, byWARPID: owner, bySerial: nil) == .byWARPID(Sample.device(1)))
        #expect(match(asked, byWARPID: owner, bySerial: known(2)) == .byWARPID(Sample.device(1)))
    }

    @Test("is none where nobody reported the WARP id or the serial number")
    func unknown() {
        let answer = Match.none("no device has reported this WARP id or serial number")
        #expect(match(asked, byWARPID: nil, bySerial: nil) == answer)
        #expect(match(AskedDevice(deviceID: "warp-1"), byWARPID: nil, bySerial: nil) == answer)
    }

    @Test("is none where the owner of the serial number has reported another WARP id, now or before")
    func contradiction() {
        let answer = Match.none("the device with this serial number has reported another WARP id")
        for owner in [known(warpIDs: ["warp-of-the-owner"]), known(hasWARPID: true)] {
            #expect(match(asked, byWARPID: nil, bySerial: owner) == answer)
        }
    }

    /// What the row says of MAC and host name, and whether that corroborates the serial number; nil where it contradicts.
    static let corroborations: [(mac: String, host: String, isCorroborated: Bool?)] = [
        ("74:1d:3e:23:e0:fe", "laptop-1", true), ("74:1D:3E:23:E0:FE", "other", true),
        ("74-1d-3e-23-e0-fe", "other", true), ("741d.3e23.e0fe", "other", true), ("741d3e23e0fe", "other", true),
        ("00:00:5e:00:53:01", "laptop-1", true), ("00:00:5e:00:53:01", "LAPTOP-1", true),
        ("00:00:5e:00:53:01", "laptop-1.acme.test", true), ("00:00:5e:00:53:01", "laptop-1.acme.test.", true),
        ("", "laptop-1", true), ("74:1d:3e:23:e0:fe", "", true), ("not an address", "Laptop-1", true),
        ("00:00:5e:00:53:01", "laptop-10", nil), ("00:00:5e:00:53:01", "laptop", nil),
        ("00:00:5e:00:53:01", "other", nil), ("00:00:5e:00:53:01", "acme.laptop-1", nil), ("", "other", nil),
        ("00:00:5e:00:53:01", "", nil), ("00:00:5e:00:53:01", ".", nil), ("not an address", "other", nil),
        ("", "", false), ("not an address", "", false), ("74:1d:3e:23:e0", ".", false),
    ]

    @Test("is by serial number only with the MAC or the host name, where the row names any", arguments: corroborations)
    func corroboration(mac: String, host: String, isCorroborated: Bool?) {
        let row = AskedDevice(deviceID: "warp-1", serialNumber: "PF0FAKE1", macAddress: mac, hostname: host)
        let result = match(row, byWARPID: nil, bySerial: known())
        if let isCorroborated {
            #expect(result == .bySerial(Sample.device(1), isCorroborated: isCorroborated))
        } else {
            #expect(result == .none("the device with this serial number has neither this MAC nor this host name"))
        }
    }

    @Test("is corroborated by either of the machine's host names, in full or not, and by any of its MACs")
    func eitherName() {
        let facts = Sample.facts(
            macs: .observed([Sample.mac("00:00:5e:00:53:aa"), Sample.mac("00:00:5e:00:53:bb")]),
            kernelHostname: .observed("Kernel-Name.acme.test"),
            staticHostname: .observed("static-name")
        )
        let owner = known(facts: facts)
        for (mac, host) in [
            ("00:00:5e:00:53:01", "kernel-name"), ("00:00:5e:00:53:01", "static-name.acme.test"),
            ("00-00-5E-00-53-BB", "other"),
        ] {
            let row = AskedDevice(deviceID: "w", serialNumber: "PF0FAKE1", macAddress: mac, hostname: host)
            #expect(match(row, byWARPID: nil, bySerial: owner) == .bySerial(Sample.device(1), isCorroborated: true))
        }
    }

    @Test("is not corroborated by facts that are not known")
    func unknownFacts() {
        let facts = Sample.facts(
            macs: .unreadable(reason: "no netlink"),
            kernelHostname: .unreadable(reason: "no"),
            staticHostname: .notApplicable(reason: "no such file")
        )
        let answer = Match.none("the device with this serial number has neither this MAC nor this host name")
        #expect(match(asked, byWARPID: nil, bySerial: known(facts: facts)) == answer)
    }
}
