import Glibc
import Testing

@testable import Collectors

@Suite("The kernel's table of interfaces")
struct NetlinkTests {
    @Test("has the loopback")
    func loopback() throws {
        let loopback = try #require(try Netlink().links().first { $0.name == "lo" })
        #expect(loopback.index == 1)
        #expect(loopback.hardwareType == 772)
        #expect(loopback.address == [0, 0, 0, 0, 0, 0])
        #expect(loopback.permanentAddress == nil)
    }

    @Test("has addresses in dotted form, if any")
    func addresses() throws {
        let addresses = try Netlink().addresses()
        #expect(addresses.allSatisfy { $0.index > 0 && $0.ipv4.split(separator: ".").count == 4 })
        #expect(addresses.allSatisfy { $0.ipv4 != "127.0.0.1" || $0.index == 1 })
    }

    @Test("is refused rather than cut when it is longer than the limit", arguments: [0, 1, 20, 100])
    func limit(bytes: Int) {
        #expect(throws: LinkError(table: "links", code: EFBIG)) { try Netlink(limit: bytes).links() }
    }

    @Test("is not made up where the kernel refuses the question")
    func refused() {
        #expect(throws: LinkError(table: "nonsense", code: EOPNOTSUPP)) { try Netlink().ask("nonsense", 1002, 0) }
    }

    @Test("says in a sentence what went wrong")
    func sentences() {
        #expect("\(LinkError(table: "links", code: ETIMEDOUT))" == "network interfaces, links: connection timed out")
        #expect("\(LinkError(table: "links", code: EBADMSG))" == "network interfaces, links: bad message")
    }
}
