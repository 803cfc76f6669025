import Collectors
import PostureModel
import Testing

@Suite("WARP addresses")
struct WARPAddressesTests {
    @Test("are those of the interface CloudflareWARP alone")
    func laptop() throws {
        #expect(warpIPv4(links: try Machine("laptop-warp").links()) == .observed(["100.96.0.10"]))
    }

    @Test("do not apply without that interface")
    func noInterface() throws {
        let links = try Machine("dell-server").links()
        #expect(warpIPv4(links: links) == .notApplicable(reason: "no interface CloudflareWARP"))
    }

    @Test("are none while the interface has none, and that is an observation")
    func noAddress() throws {
        #expect(warpIPv4(links: try Machine("laptop-without-root").links()) == .observed([]))
    }

    @Test("are unreadable where the kernel does not answer")
    func unreadable() {
        #expect(warpIPv4(links: NoLinks()) == .unreadable(reason: "network interfaces, links: operation not permitted"))
    }

    @Test("come in order, each once, and bounded in number")
    func bounded() throws {
        let addresses = (0..<300).map { LinkAddress(index: 7, ipv4: "100.96.\($0 / 256).\($0 % 256)") }
        let links = RecordedLinks(
            links: [Link(index: 7, name: "CloudflareWARP", hardwareType: 65534)],
            addresses: addresses.reversed() + addresses
        )
        let observed = try #require(warpIPv4(links: links).value)
        #expect(observed.count == 256)
        #expect(observed == Set(observed).sorted())
    }
}
