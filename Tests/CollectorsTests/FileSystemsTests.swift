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
        let expected: Encryption = second?.hasPrefix("CRYPT") == true ? .yes : .no
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
