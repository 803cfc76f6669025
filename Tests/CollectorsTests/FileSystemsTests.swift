import Collectors
import PostureModel
import Testing

@Suite("File systems without a device number")
struct FileSystemsTests {
    private static let uuid = "5b0a3f5e-0000-4000-8000-000000000042"

    /// Btrfs over two devices, mounted by the name that device-mapper has for the first.
    private func machine(second: String?, source: String = "/dev/mapper/name-of-dm-0") -> Blocks {
        var disk = Blocks()
        disk.add("sda", "8:0")
        disk.add("sdb", "8:16")
        disk.add("dm-0", "254:0", uuid: "CRYPT-LUKS2-0-a", on: ["sda"])
        disk.add("dm-1", "254:1", uuid: second, on: ["sdb"])
        for name in ["dm-0", "dm-1"] {
            disk.link("sys/fs/btrfs/\(Self.uuid)/devices/\(name)", to: "/sys/class/block/\(name)")
        }
        disk.write("0\n", to: "sys/fs/btrfs/features/raid1c34")
        disk.mount("0:29", "/", root: "/@", type: "btrfs", source: source)
        disk.mount("0:29", "/home", root: "/@home", type: "btrfs", source: source)
        return disk
    }

    @Test("are encrypted if all devices of the btrfs are", arguments: ["CRYPT-LUKS2-0-b", "LVM-b", nil])
    func btrfs(second: String?) throws {
        // One that dmsetup made has no UUID, and may be anything.
        let expected: Disk = second == nil ? .unknown : second?.hasPrefix("CRYPT") == true ? .yes : .no
        #expect(try machine(second: second).disks() == .observed(["/": expected]))
    }

    @Test("are found by a source that names no device only where there is one btrfs")
    func rootDevice() throws {
        var disk = machine(second: "CRYPT-LUKS2-0-b", source: "/dev/root")
        #expect(try disk.disks() == .observed(["/": .yes]))
        disk.add("sdc", "8:32")
        disk.link("sys/fs/btrfs/00000000-0000-4000-8000-000000000043/devices/sdc", to: "/sys/class/block/sdc")
        #expect(try disk.disks() == .observed(["/": .unknown]))
        var named = machine(second: "CRYPT-LUKS2-0-b")
        named.add("sdc", "8:32")
        named.link("sys/fs/btrfs/00000000-0000-4000-8000-000000000043/devices/sdc", to: "/sys/class/block/sdc")
        #expect(try named.disks() == .observed(["/": .yes]))
    }

    private static let other = "5b0a3f5e-0000-4000-8000-000000000043"

    /// The first and a second btrfs, in the clear, both mounted by what an initramfs calls them.
    private func two(first: String, second: String) -> Blocks {
        var disk = machine(second: "CRYPT-LUKS2-0-b", source: first)
        disk.add("sdc", "8:32")
        disk.add("dm-2", "254:2", uuid: "LVM-c", on: ["sdc"])
        disk.link("sys/fs/btrfs/\(Self.other)/devices/dm-2", to: "/sys/class/block/dm-2")
        disk.write("of two\n", to: "sys/fs/btrfs/\(Self.other)/label")
        disk.write("name--of--group-the--volume\n", to: "sys/devices/dm-2/dm/name")
        disk.mount("0:30", "/data", type: "btrfs", source: second.replacing(" ", with: "\\040"))
        return disk
    }

    static let names = [
        ("disk/by-uuid/\(uuid)", "disk/by-uuid/\(other)"), ("disk/by-label/root", "disk/by-label/of\\x20two"),
        ("disk/by-partuuid/1", "disk/by-partuuid/2"), ("disk/by-id/nvme-a-part3", "disk/by-id/dm-uuid-LVM-c"),
        ("disk/by-path/pci-0000:00:1f.2-ata-1", "disk/by-path/pci-0000:00:1f.2-ata-2"), ("mapper/root", "group/volume"),
    ]

    @Test("are found by any link of udev's that they are mounted by", arguments: names)
    func links(first: String, second: String) throws {
        var disk = two(first: "/dev/\(first)", second: "/dev/\(second)")
        let up = first.hasPrefix("disk/") ? "../../" : "../"
        disk.link("dev/\(first)", to: "\(up)dm-0")
        disk.link("dev/\(second)", to: "\(up)dm-2")
        #expect(try disk.disks() == .observed(["/": .yes, "/data": .no]))
    }

    @Test("are found by udev's records where a sandbox hides the links", arguments: names)
    func records(first: String, second: String) throws {
        var disk = two(first: "/dev/\(first)", second: "/dev/\(second)")
        disk.write("N:sda\n", to: "run/udev/data/b8:0")
        disk.write("S:disk/by-id/other\nS:\(first)\nE:DM_NAME=a\n", to: "run/udev/data/b254:0")
        disk.write("S:\(second)\n", to: "run/udev/data/b254:2")
        disk.write("S:\(second)\n", to: "run/udev/data/c1:3")
        #expect(try disk.disks() == .observed(["/": .yes, "/data": .no]))
    }

    @Test(
        "are found by their own UUID and label, and by the names of device-mapper, where nothing is left of udev",
        arguments: [
            ("/dev/disk/by-uuid/\(uuid)", "UUID=\(other)"), ("UUID=\"\(uuid)\"", "LABEL=of two"),
            ("/dev/mapper/name-of-dm-0", "/dev/name-of-group/the-volume"),
            ("/dev/disk/by-id/dm-name-name-of-dm-0", "/dev/mapper/name--of--group-the--volume"),
            ("/dev/dm-1", "/dev/dm-2"),
        ]
    )
    func tags(first: String, second: String) throws {
        #expect(try two(first: first, second: second).disks() == .observed(["/": .yes, "/data": .no]))
    }

    @Test(
        "are unknown where nothing tells which of two they are, whatever a device of another directory is called",
        arguments: [
            "/dev/root", "UUID=0", "LABEL=", "PARTUUID=1", "/dev/group/dm-0", "/dev/disk/by-label/dm-0", "none", "",
        ]
    )
    func ambiguous(source: String) throws {
        #expect(try two(first: source.isEmpty ? "\\040" : source, second: "/dev/dm-2").disks().value?["/"] == .unknown)
    }

    @Test("are unknown where sysfs says nothing of btrfs")
    func noBtrfs() throws {
        let denied: Set = ["sys/fs/btrfs"]
        #expect(try machine(second: nil).disks(denying: denied) == .observed(["/": .unknown]))
    }

    /// A pool with an encrypted dataset and one that is not, of which ZFS keeps a list.
    private func pool(list: Bool) -> Blocks {
        var disk = Blocks()
        disk.mount("0:30", "/", type: "zfs", source: "rpool/ROOT/debian")
        disk.mount("0:31", "/home", type: "zfs", source: "rpool/home")
        disk.mount("0:32", "/home/anna", type: "zfs", source: "rpool/home/anna")
        disk.mount("0:33", "/home/.zfs/snapshot/day", type: "zfs", source: "rpool/home@day")
        func line(_ dataset: String, _ point: String, _ root: String) -> String {
            let columns = [dataset, point, "on", "on", "on", "on", "on", "off", "on", "off", root, "prompt", "-"]
            return columns.joined(separator: "\t") + "\n"
        }
        if list {
            disk.write(
                line("rpool", "none", "-") + line("rpool/ROOT/debian", "/", "-") + "rpool/short\n"
                    + line("rpool/home", "/home", "rpool/home") + line("rpool/home/anna", "/home/anna", "rpool/home"),
                to: "etc/zfs/zfs-list.cache/rpool"
            )
        }
        return disk
    }

    @Test("of ZFS are encrypted if its own list says so; what else there may be beneath the pool is unknown")
    func zfs() throws {
        #expect(try pool(list: true).disks() == .observed(["/": .unknown, "/home": .yes]))
    }

    @Test("of ZFS without a list are unknown, or with one that may not be read")
    func zfsWithoutList() throws {
        #expect(try pool(list: false).disks() == .observed(["/": .unknown]))
        #expect(try pool(list: true).disks(denying: ["etc/zfs"]) == .observed(["/": .unknown]))
    }
}
