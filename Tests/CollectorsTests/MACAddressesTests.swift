import PostureModel
import Testing

@testable import Collectors

@Suite("MAC addresses")
struct MACAddressesTests {
    @Test("are those of physical interfaces, burnt in, in the order of their names")
    func server() throws {
        let machine = Machine("dell-server")
        let root = try machine.root()
        let macs = try #require(root.macs(links: try machine.links()).value)
        #expect(macs.map(\.interface) == ["eno1np0", "eno2np1", "enp65s0f0", "enp65s0f1", "idrac"])
        // Its current address is the bond's, which is that of its first port.
        #expect(macs[1].address == "00:00:5e:00:53:11")
        #expect(macs.map(\.source) == [.permanent, .permanent, .permanent, .permanent, .current])
    }

    @Test("are the current ones where the kernel gives no other, marked as made up by software")
    func wifi() throws {
        let machine = Machine("laptop-warp")
        let root = try machine.root()
        let macs = try #require(root.macs(links: try machine.links()).value)
        #expect(macs.map(\.address) == ["00:00:5e:00:53:22", "02:00:5e:00:53:21"])
        #expect(macs.map(\.isLocallyAdministered) == [false, true])
    }

    @Test("follow the symbolic links of sysfs to a device")
    func guest() throws {
        let machine = Machine("kvm-guest")
        let root = try machine.root()
        #expect(root.macs(links: try machine.links()).value?.map(\.interface) == ["ens3"])
    }

    @Test("are none in a container, and that is an observation")
    func container() throws {
        let machine = Machine("container")
        let root = try machine.root()
        #expect(root.macs(links: try machine.links()) == .observed([]))
    }

    @Test(
        "are unreadable where it cannot be told what is physical",
        arguments: [
            ("sys/class", "/sys/class/net: permission denied (run as root, or give CAP_DAC_READ_SEARCH)"),
            ("sys/class/net", "/sys/class/net/a/device: permission denied (run as root, or give CAP_DAC_READ_SEARCH)"),
        ]
    )
    func denied(path: String, reason: String) throws {
        let files = try TemporaryRoot(["sys/class/net/a/device/uevent": ""])
        let root = try files.root(denying: [path])
        #expect(root.macs(links: ethernet("a")) == .unreadable(reason: reason))
    }

    @Test("are unreadable without sysfs, and without an answer of the kernel's")
    func nothing() throws {
        let files = try TemporaryRoot()
        let root = try files.root()
        #expect(
            root.macs(links: ethernet("a")) == .unreadable(reason: "/sys/class/net: no such file or directory")
        )
        #expect(
            root.macs(links: NoLinks()) == .unreadable(reason: "network interfaces, links: operation not permitted")
        )
    }

    @Test("of an interface whose name is a path are not looked for", arguments: ["../a", "a/b", ".", "..", ""])
    func names(name: String) throws {
        let files = try TemporaryRoot(["sys/class/a/device/x": "", "sys/class/net/device/x": "", "sys/device/x": ""])
        let root = try files.root()
        #expect(root.macs(links: ethernet(name)) == .observed([]))
    }

    /// The addresses of interfaces with a device each.
    private func macs(_ links: [Link]) throws -> [MACAddress] {
        let devices = Dictionary(uniqueKeysWithValues: links.map { ("sys/class/net/\($0.name)/device/uevent", "") })
        let files = try TemporaryRoot(devices)
        let root = try files.root()
        return try #require(root.macs(links: RecordedLinks(links: links)).value)
    }

    private static let one: [UInt8] = [0, 0, 0x5e, 0, 0x53, 1]
    private static let two: [UInt8] = [0, 0, 0x5e, 0, 0x53, 2]
    private static let random: [UInt8] = [2, 0, 0x5e, 0, 0x53, 9]

    @Test("are of each interface the permanent one and, where it differs, the current one")
    func both() throws {
        let macs = try macs([
            Link(index: 1, name: "wlan0", hardwareType: 1, address: Self.random, permanentAddress: Self.two),
            Link(index: 2, name: "eth0", hardwareType: 1, address: Self.one, permanentAddress: Self.one),
        ])
        #expect(macs.map(\.interface) == ["eth0", "wlan0", "wlan0"])
        #expect(macs.map(\.source) == [.permanent, .permanent, .current])
        #expect(macs.map(\.address) == ["00:00:5e:00:53:01", "00:00:5e:00:53:02", "02:00:5e:00:53:09"])
    }

    @Test("of a bond's ports are the permanent ones, since the current one is burnt in to one of them")
    func bond() throws {
        let macs = try macs([
            Link(index: 1, name: "eth0", hardwareType: 1, address: Self.one, permanentAddress: Self.one),
            Link(index: 2, name: "eth1", hardwareType: 1, address: Self.one, permanentAddress: Self.two),
        ])
        #expect(macs.map(\.interface) == ["eth0", "eth1"])
        #expect(macs.map(\.source) == [.permanent, .permanent])
    }

    @Test("that name no interface are skipped, and each counts once, burnt in before current")
    func distinct() throws {
        let macs = try macs([
            Link(index: 1, name: "e", hardwareType: 1, address: [2, 0, 0x5e, 0, 0x53, 2]),
            Link(index: 2, name: "a", hardwareType: 1, address: Self.one),
            Link(index: 3, name: "b", hardwareType: 1, address: Self.random, permanentAddress: Self.one),
            Link(index: 4, name: "c", hardwareType: 1, address: [0, 0, 0, 0, 0, 0]),
            Link(index: 5, name: "d", hardwareType: 1, address: [1, 0, 0x5e, 0, 0x53, 1]),
        ])
        #expect(macs.map(\.interface) == ["b", "b", "e"])
        #expect(macs.map(\.source) == [.permanent, .current, .current])
    }

    @Test("are bounded in number, and the burnt-in ones stay")
    func bounded() throws {
        func links(_ count: Int) -> [Link] {
            (0..<count).map { index in
                let tail = [UInt8(index / 256), UInt8(index % 256)]
                let (current, permanent) = ([2, 0, 0x5e, 0x10] + tail, [0, 0, 0x5e, 0x10] + tail)
                return Link(
                    index: index,
                    name: "eth\(index)",
                    hardwareType: 1,
                    address: current,
                    permanentAddress: permanent
                )
            }
        }
        let many = try macs(links(300))
        #expect(many.count == 64)
        #expect(many.allSatisfy { $0.source == .permanent })
        let some = try macs(links(40))
        #expect(some.count == 64)
        #expect(some.filter { $0.source == .permanent }.count == 40)
    }

    private func ethernet(_ name: String) -> RecordedLinks {
        RecordedLinks(links: [Link(index: 1, name: name, hardwareType: 1, address: [0, 0, 0x5e, 0, 0x53, 1])])
    }
}
