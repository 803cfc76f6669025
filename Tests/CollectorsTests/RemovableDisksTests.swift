import Collectors
import PostureModel
import Testing

@Suite("Removable file systems")
struct RemovableDisksTests {
    private static let usb = "sys/devices/pci0/usb2/2-1/2-1:1.0/host6/target6:0:0/6:0:0:0/block"

    /// An encrypted root, and a file system on the first partition of a disk that `change` says more of.
    private func stick(
        _ name: String = "sdb",
        in folder: String = "sys/devices/pci0/ata2/host2/block",
        files: [String: String] = [:]
    ) throws -> Disk? {
        var disk = Blocks()
        disk.add("sda", "8:0")
        disk.add("dm-0", "254:0", uuid: "CRYPT-LUKS2-0-a", on: ["sda"])
        disk.add(name, "8:16", in: folder)
        disk.add("\(name)1", "8:17", partitionOf: name)
        for (path, text) in files { disk.write(text + "\n", to: path) }
        disk.mount("254:0", "/")
        disk.mount("8:17", "/run/media/anna/STICK", type: "exfat")
        return try disk.disks().value?["/run/media/anna/STICK"]
    }

    @Test("are those on a medium that can be taken out, as the kernel says")
    func medium() throws {
        let folder = "sys/devices/pci0/ata2/host2/block"
        #expect(try stick(files: ["\(folder)/sdb/removable": "1"]) == Disk(.no, isRemovable: true))
        #expect(try stick(files: ["\(folder)/sdb/removable": "0"]) == .no)
        #expect(try stick() == .no)
    }

    @Test(
        "are those on USB, whose disks do not say so, but for a port inside of the machine",
        arguments: [("removable", true), ("unknown", true), ("fixed", false)]
    )
    func usb(word: String, isRemovable: Bool) throws {
        let device = "sys/devices/pci0/usb2/2-1"
        let files = [
            "\(Self.usb)/sdb/removable": "0", "\(device)/removable": word, "\(device)/busnum": "2",
            "sys/devices/pci0/usb2/removable": "unknown", "sys/devices/pci0/usb2/busnum": "2",
        ]
        #expect(try stick(in: Self.usb, files: files) == Disk(.no, isRemovable: isRemovable))
    }

    @Test("are those on USB where the kernel does not say which ports are outside")
    func oldKernel() throws {
        #expect(
            try stick(in: Self.usb, files: ["sys/devices/pci0/usb2/2-1/busnum": "2"]) == Disk(.no, isRemovable: true)
        )
    }

    @Test("are those on a port of PCI that is outside of the machine, as Thunderbolt is")
    func thunderbolt() throws {
        let folder = "sys/devices/pci0/0000:05:00.0/nvme/nvme1"
        #expect(
            try stick("nvme1n1p", in: folder, files: ["sys/devices/pci0/0000:05:00.0/removable": "removable"])
                == Disk(.no, isRemovable: true)
        )
        #expect(try stick("nvme1n1p", in: folder, files: ["sys/devices/pci0/0000:05:00.0/removable": "fixed"]) == .no)
    }

    @Test(
        "are those on memory cards, and not those on the memory that is soldered in",
        arguments: [("SD", true), ("MMC", false)]
    )
    func cards(type: String, isRemovable: Bool) throws {
        let folder = "sys/devices/platform/mmc0/block"
        let files = ["\(folder)/mmcblk0p/device/type": type, "\(folder)/mmcblk0p/removable": "0"]
        #expect(try stick("mmcblk0p", in: folder, files: files) == Disk(.no, isRemovable: isRemovable))
    }

    /// Two disks, of which the second is a stick.
    private func stack(_ build: (inout Blocks) -> Void) throws -> [String: Disk]? {
        var disk = Blocks()
        disk.add("sda", "8:0")
        disk.add("sdb", "8:16")
        disk.write("1\n", to: "sys/devices/sdb/removable")
        disk.mount("8:0", "/")
        build(&disk)
        return try disk.disks().value
    }

    @Test("are told through what is above the disk: dm-crypt, RAID, files, btrfs; all of it must be removable")
    func layers() throws {
        let found = try stack { disk in
            disk.add("dm-0", "254:0", uuid: "CRYPT-LUKS2-0-a", on: ["sdb"])
            disk.add("md0", "9:0", on: ["sda", "sdb"])
            disk.add("loop0", "7:0", backing: "/media/stick/image")
            disk.link("sys/fs/btrfs/5b0a3f5e-0000-4000-8000-000000000042/devices/dm-0", to: "/sys/class/block/dm-0")
            disk.mount("8:16", "/media/stick", type: "vfat")
            disk.mount("254:0", "/media/secret")
            disk.mount("9:0", "/raid")
            disk.mount("7:0", "/media/image")
            disk.mount("0:40", "/media/btrfs", type: "btrfs", source: "/dev/dm-0")
        }
        let expected: [String: Disk] = [
            "/": .no, "/media/stick": Disk(.no, isRemovable: true), "/media/secret": Disk(.yes, isRemovable: true),
            "/raid": .no, "/media/image": Disk(.no, isRemovable: true), "/media/btrfs": Disk(.yes, isRemovable: true),
        ]
        #expect(found == expected)
    }

    @Test("include a root that is on a stick: what that means is for the policy to say")
    func root() throws {
        var disk = Blocks()
        disk.add("sdb", "8:16")
        disk.write("1\n", to: "sys/devices/sdb/removable")
        disk.mount("8:16", "/")
        #expect(try disk.disks() == .observed(["/": Disk(.no, isRemovable: true)]))
    }

    @Test("give way to others where there are too many")
    func many() throws {
        let found = try stack { disk in
            for number in 10..<40 { disk.mount("8:16", "/media/\(number)", root: "/\(number)", type: "vfat") }
            disk.add("dm-0", "254:0", uuid: "CRYPT-LUKS2-0-a", on: ["sda"])
            disk.mount("254:0", "/zzz")
        }
        #expect(found?.count == 17)
        #expect(found?["/zzz"] == .yes)
        #expect(found?["*"] == Disk(.no, isRemovable: true))
    }
}
