import Collectors
import FoundationEssentials
import Glibc
import PostureModel
import Testing

@Suite("The facts of a host")
struct FactsTests {
    @Test("are those that were recorded of each machine", arguments: Machine.names)
    func golden(name: String) throws {
        let machine = Machine(name)
        let file = machine.directory.appending(path: "facts.json")
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let facts = try machine.facts()
        let encoded = try encoder.encode(facts) + Data("\n".utf8)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" { try encoded.write(to: file) }
        #expect(String(decoding: encoded, as: UTF8.self) == String(decoding: try Data(contentsOf: file), as: UTF8.self))
        #expect(try JSONDecoder().decode(Facts.self, from: encoded) == facts)
    }

    @Test("are recorded of six kinds of machine")
    func machines() {
        let expected = [
            "arm-board", "container", "dell-server", "kvm-guest", "laptop-warp", "laptop-without-root",
        ]
        #expect(Machine.names == expected)
    }

    @Test("are each unreadable where there is nothing to read, and none hurts another")
    func emptyRoot() throws {
        let files = try TemporaryRoot()
        let root = try files.root()
        let facts = Facts(host: root, links: NoLinks(), units: NoUnits())
        #expect(
            facts.serials.product == .unreadable(reason: "/sys/class: no such file or directory")
        )
        #expect(facts.macs == .unreadable(reason: "network interfaces, links: operation not permitted"))
        #expect(facts.warpIPv4 == .unreadable(reason: "network interfaces, links: operation not permitted"))
        #expect(
            facts.kernelHostname == .unreadable(reason: "/proc/sys/kernel/hostname: no such file or directory")
        )
        #expect(facts.staticHostname == .notApplicable(reason: "no /etc/hostname"))
        #expect(facts.osRelease == .unreadable(reason: "/usr/lib/os-release: no such file or directory"))
        #expect(facts.machineID == .notApplicable(reason: "no /etc/machine-id"))
        #expect(facts.bootID.value == nil)
        #expect(facts.uptime == .unreadable(reason: "/proc/uptime: no such file or directory"))
    }

    @Test("can be collected from the machine that runs the tests")
    func live() throws {
        let root = try HostRoot()
        let facts = Facts(host: root, links: Netlink(), units: NoUnits())
        #expect(facts.kernelRelease.value?.isEmpty == false)
        #expect(facts.bootID.value?.count == 36)
        var clock = timespec()
        unsafe clock_gettime(CLOCK_BOOTTIME, &clock)
        let uptime = try #require(facts.uptime.value)
        #expect((0...60).contains(Int64(clock.tv_sec) - uptime), "\(uptime)")
        // Anything may be unreadable in a build's sandbox, but nothing may be forgotten.
        #expect(try JSONDecoder().decode(Facts.self, from: JSONEncoder().encode(facts)) == facts)
    }

    @Test("ask the kernel for each of its tables once")
    func onceEach() throws {
        let counted = CountedLinks()
        let files = try TemporaryRoot()
        let root = try files.root()
        _ = Facts(host: root, links: counted, units: NoUnits())
        #expect(counted.counts == [1, 1])
    }
}
