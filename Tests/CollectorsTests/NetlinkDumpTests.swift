import Glibc
import Testing

@testable import Collectors

@Suite("A dump of rtnetlink")
struct NetlinkDumpTests {
    @Test("gives the interfaces of the recording, with permanent addresses where there are any")
    func links() throws {
        let dump = try recording("links")
        let links = try parseLinks(dump.span)
        #expect(
            links == [
                Link(index: 1, name: "lo", hardwareType: 772, address: [0, 0, 0, 0, 0, 0]),
                Link(
                    index: 2,
                    name: "eno1",
                    hardwareType: 1,
                    address: [0x02, 0x00, 0x5e, 0x00, 0x53, 0x01],
                    permanentAddress: [0x00, 0x00, 0x5e, 0x00, 0x53, 0x01]
                ),
                Link(index: 3, name: "CloudflareWARP", hardwareType: 65534),
            ]
        )
    }

    @Test("gives an interface's own addresses, not those of its peers")
    func addresses() throws {
        let dump = try recording("addresses")
        let addresses = try parseAddresses(dump.span)
        #expect(
            addresses == [
                LinkAddress(index: 1, ipv4: "127.0.0.1"),
                LinkAddress(index: 2, ipv4: "192.0.2.7"),
                LinkAddress(index: 2, ipv4: "198.51.100.3"),
                LinkAddress(index: 3, ipv4: "100.96.0.10"),
            ]
        )
    }

    @Test("is refused when it ends before its end, at every length", arguments: ["links", "addresses"])
    func truncated(name: String) throws {
        let dump = try recording(name)
        // The last message, NLMSG_DONE, is 20 bytes long: cut anywhere, it is not whole.
        var accepted: [Int] = []
        for length in 0..<dump.count {
            let part = Array(dump[..<length])
            if code({ try parseLinks(part.span) }) != EBADMSG { accepted.append(length) }
            if code({ try parseAddresses(part.span) }) != EBADMSG { accepted.append(length) }
        }
        #expect(accepted.isEmpty)
    }

    @Test("never traps, whatever is in it", arguments: ["links", "addresses"])
    func mutated(name: String) throws {
        let dump = try recording(name)
        var random = SplitMix(state: 0x706f_7374_7572_6564)
        var broken: [[UInt8]] = []
        for _ in 0..<10_000 {
            var mutant = dump
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                // Half of the hits where lengths are: at the beginning of a word.
                let index = Int.random(in: 0..<mutant.count, using: &random)
                mutant[Bool.random(using: &random) ? index & ~3 : index] = UInt8.random(in: 0...255, using: &random)
            }
            let links = (try? parseLinks(mutant.span)) ?? []
            if links.count > dump.count / 32 || links.contains(where: { $0.name.isEmpty || $0.name.contains("/") }) {
                broken.append(mutant)
            }
            _ = try? parseAddresses(mutant.span)
        }
        #expect(broken.isEmpty)
    }

    @Test("is refused when an attribute is longer than its message, or shorter than itself", arguments: [0, 3, 255])
    func attributeLengths(length: UInt8) throws {
        var dump = message(type: 16, body: linkHeader + attribute(3, Array("eth0\0".utf8))) + done
        dump[32] = length
        #expect(code { try parseLinks(dump.span) } == EBADMSG)
    }

    @Test("may hold other messages and flags that are skipped")
    func others() throws {
        let name = Array("eth0\0".utf8)
        let dump =
            message(type: 20, body: [2, 8, 0, 0, 1, 0, 0, 0])
            // NLA_F_NESTED on an attribute that nobody asked for.
            + message(type: 16, body: linkHeader + attribute(18 | 0x8000, [1, 2, 3, 4]) + attribute(3, name)) + done
        let links = try parseLinks(dump.span)
        #expect(links.map(\.name) == ["eth0"])
    }

    @Test(
        "gives no interface with a name that the kernel would refuse",
        arguments: ["", ".", "..", "a/b", "sixteen-letters-"]
    )
    func names(name: String) throws {
        let dump = message(type: 16, body: linkHeader + attribute(3, Array(name.utf8) + [0])) + done
        let links = try parseLinks(dump.span)
        #expect(links.isEmpty)
    }

    private let linkHeader: [UInt8] = [0, 0, 1, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    private var done: [UInt8] { message(type: 3, body: [0, 0, 0, 0]) }

    private func message(type: UInt8, body: [UInt8]) -> [UInt8] {
        let length = 16 + body.count
        return [UInt8(length % 256), UInt8(length / 256), 0, 0, type, 0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0] + body
    }

    private func attribute(_ type: UInt16, _ value: [UInt8]) -> [UInt8] {
        let padding = [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
        return [UInt8(4 + value.count), 0, UInt8(type & 0xff), UInt8(type >> 8)] + value + padding
    }

    private func code<Value>(_ body: () throws -> Value) -> CInt? {
        do {
            _ = try body()
            return nil
        } catch {
            return (error as? LinkError)?.code
        }
    }
}

/// A generator whose numbers are the same in every run, so that a failure can be had again.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
