import Collectors
import OpenSSLBridge
import PostureModel
import Testing

@Suite("The interfaces of another host's tree")
struct SysfsLinksTests {
    @Test("have the addresses in use, which sysfs gives", arguments: ["arm-board", "kvm-guest"])
    func addresses(name: String) throws {
        let machine = Machine(name)
        let links = SysfsLinks(root: machine.path)
        let macs = try HostRoot(at: machine.path).macs(links: links)
        let recorded = try #require(machine.facts().macs.value)
        let read = try #require(macs.value)
        #expect(read.map(\.interface) == recorded.map(\.interface))
        #expect(read.allSatisfy { $0.source == .current })
    }

    @Test("have no IPv4 addresses that anybody could tell: unreadable, not absent")
    func noIPv4() throws {
        let links = SysfsLinks(root: Machine("laptop-warp").path)
        #expect(warpIPv4(links: links) == .unreadable(reason: "addresses: only the running kernel tells"))
    }

    @Test("are unreadable where the tree has no sysfs")
    func noSysfs() throws {
        let root = try TemporaryRoot()
        let macs = try HostRoot(at: root.path).macs(links: SysfsLinks(root: root.path))
        guard case .unreadable = macs else {
            Issue.record("\(macs)")
            return
        }
    }
}
