import Collectors
import PostureModel
import Testing

@Suite("Disk encryption")
struct DisksTests {
    @Test("is seen beneath LVM: LVM on LUKS, which is one container for all")
    func lvmOnLUKS() throws {
        var disk = Blocks()
        disk.add("sda", "8:0")
        disk.add("sda1", "8:1", partitionOf: "sda")
        disk.add("sda2", "8:2", partitionOf: "sda")
        disk.add("dm-0", "254:0", uuid: "CRYPT-LUKS2-0-sda2_crypt", on: ["sda2"])
        disk.add("dm-1", "254:1", uuid: "LVM-a", on: ["dm-0"])
        disk.add("dm-2", "254:2", uuid: "LVM-b", on: ["dm-0"])
        disk.mount("254:1", "/")
        disk.mount("8:1", "/boot")
        disk.mount("254:2", "/home")
        #expect(try disk.disks() == .observed(["/": .yes, "/boot": .no, "/home": .yes]))
    }

    @Test("is seen above LVM: LUKS on LVM, for each volume by itself")
    func luksOnLVM() throws {
        var disk = Blocks()
        disk.add("sda", "8:0")
        disk.add("dm-0", "254:0", uuid: "LVM-a", on: ["sda"])
        disk.add("dm-1", "254:1", uuid: "LVM-b", on: ["sda"])
        disk.add("dm-2", "254:2", uuid: "CRYPT-LUKS1-0-home", on: ["dm-1"])
        disk.mount("254:0", "/")
        disk.mount("254:2", "/home")
        #expect(try disk.disks() == .observed(["/": .no, "/home": .yes]))
    }

    @Test("holds for a RAID or a volume only if it holds for every device in it")
    func everyDevice() throws {
        var disk = Blocks()
        disk.add("sda", "8:0")
        disk.add("sdb", "8:16")
        disk.add("dm-0", "254:0", uuid: "CRYPT-LUKS2-0-a", on: ["sda"])
        disk.add("dm-1", "254:1", uuid: "CRYPT-LUKS2-0-b", on: ["sdb"])
        disk.add("md0", "9:0", on: ["dm-0", "dm-1"])
        disk.add("md1", "9:1", on: ["dm-0", "sdb"])
        disk.add("md1p1", "259:0", partitionOf: "md1")
        disk.mount("9:0", "/")
        disk.mount("259:0", "/srv")
        #expect(try disk.disks() == .observed(["/": .yes, "/srv": .no]))
    }

    @Test(
        "is what dm-crypt does in any of its forms, and not what else cryptsetup makes",
        arguments: [
            ("CRYPT-LUKS1-0-x", Disk.yes), ("CRYPT-LUKS2-0-x", .yes), ("CRYPT-PLAIN-x", .yes),
            ("CRYPT-TCRYPT-x", .yes), ("CRYPT-BITLK-0-x", .yes), ("CRYPT-FVAULT2-0-x", .yes),
            ("CRYPT-VERITY-0-x", .no), ("CRYPT-INTEGRITY-x", .no), ("LVM-CRYPT-LUKS2-x", .no), ("mpath-0", .no),
            ("part2-mpath-0", .no), ("DMRAID-x", .no), ("CRYPT", .unknown), ("CRYPT-TEMP-x", .unknown),
            ("VDO-x", .unknown),
            ("partly-LVM", .unknown), ("", .unknown),
        ]
    )
    func forms(uuid: String, encryption: Disk) throws {
        var disk = Blocks()
        disk.add("sda", "8:0")
        disk.add("dm-0", "254:0", uuid: uuid, on: ["sda"])
        disk.mount("254:0", "/")
        #expect(try disk.disks() == .observed(["/": encryption]))
    }

    @Test("of verity over LUKS is that of LUKS")
    func verityOverLUKS() throws {
        var disk = Blocks()
        disk.add("sda", "8:0")
        disk.add("dm-0", "254:0", uuid: "CRYPT-LUKS2-0-a", on: ["sda"])
        disk.add("dm-1", "254:1", uuid: "CRYPT-VERITY-0-b", on: ["dm-0"])
        disk.mount("254:1", "/")
        #expect(try disk.disks() == .observed(["/": .yes]))
    }

    @Test("of a file behind a loop device is that of the file system that the file is on")
    func loops() throws {
        var disk = Blocks()
        disk.add("sda", "8:0")
        disk.add("sdb", "8:16")
        disk.add("dm-0", "254:0", uuid: "CRYPT-LUKS2-0-a", on: ["sda"])
        disk.add("loop0", "7:0", backing: "/home/anna/image")
        disk.add("loop1", "7:1", backing: "/image")
        disk.add("loop2", "7:2", backing: "/mnt/two/itself")
        disk.mount("8:16", "/")
        disk.mount("254:0", "/home")
        disk.mount("7:0", "/mnt/zero")
        disk.mount("7:1", "/mnt/one")
        disk.mount("7:2", "/mnt/two")
        let expected: [String: Disk] = [
            "/": .no, "/home": .yes, "/mnt/zero": .yes, "/mnt/one": .no, "/mnt/two": .unknown,
        ]
        #expect(try disk.disks() == .observed(expected))
    }

    @Test(
        "is unknown of a device whose layers the kernel does not show, and of what is on it",
        arguments: ["zd0", "nbd0", "rbd0", "drbd0", "loop0", "dm-0", "md0", "bcache0", "anything0"]
    )
    func hiddenLayers(name: String) throws {
        var disk = Blocks()
        disk.add(name, "230:0")
        disk.add("\(name)p1", "230:1", partitionOf: name)
        disk.add("dm-8", "254:8", uuid: "LVM-a", on: [name])
        disk.add("dm-9", "254:9", uuid: "CRYPT-LUKS2-0-a", on: [name])
        disk.add("loop9", "7:9", backing: "/image")
        disk.mount("230:0", "/")
        disk.mount("230:1", "/a")
        disk.mount("254:8", "/b")
        disk.mount("254:9", "/c")
        disk.mount("7:9", "/d")
        #expect(
            try disk.disks() == .observed(["/": .unknown, "/a": .unknown, "/b": .unknown, "/c": .yes, "/d": .unknown])
        )
    }

    @Test(
        "is no of a disk beneath which the kernel has nothing",
        arguments: [
            "sda", "hda", "vda", "xvda", "nvme0n1", "nvme0c0n1", "mmcblk0", "mmcblk0boot0", "dasda", "pmem0",
            "mtdblock0",
        ]
    )
    func plainDisks(name: String) throws {
        var disk = Blocks()
        disk.add(name, "259:0")
        disk.add("\(name)p1", "259:1", partitionOf: name)
        disk.add("md0", "9:0", on: [name])
        disk.mount("259:0", "/")
        disk.mount("259:1", "/a")
        disk.mount("9:0", "/b")
        #expect(try disk.disks() == .observed(["/": .no, "/a": .no, "/b": .no]))
    }

    @Test(
        "of a file behind a loop device is unknown where the file is on the network, on FUSE, or on what encrypts by itself",
        arguments: [
            "nfs4", "cifs", "fuse.sshfs", "fuse", "9p", "virtiofs", "ceph", "zfs", "bcachefs", "tmpfs", "overlay",
        ]
    )
    func loopOverOthers(type: String) throws {
        var disk = Blocks()
        disk.add("sda", "8:0")
        disk.add("loop0", "7:0", backing: "/mnt/image")
        disk.mount("8:0", "/")
        disk.mount("0:40", "/mnt", type: type, source: "pool/a")
        disk.mount("7:0", "/home")
        #expect(try disk.disks().value?["/home"] == .unknown)
    }

    @Test("of a loop device over a device is that of the device")
    func loopOverDevice() throws {
        var disk = Blocks()
        disk.add("sda", "8:0")
        disk.add("dm-0", "254:0", uuid: "CRYPT-LUKS2-0-a", on: ["sda"])
        disk.add("loop0", "7:0", backing: "/dev/sda")
        disk.add("loop1", "7:1", backing: "/dev/mapper/name-of-dm-0")
        disk.mount("7:0", "/")
        disk.mount("7:1", "/home")
        #expect(try disk.disks() == .observed(["/": .no, "/home": .yes]))
    }

    @Test("is unknown of more than 32 devices of which the first are encrypted")
    func manyDevices() throws {
        var disk = Blocks()
        disk.add("sda", "8:0")
        for number in 10..<43 { disk.add("dm-\(number)", "254:\(number)", uuid: "CRYPT-LUKS2-0-a", on: ["sda"]) }
        disk.add("md0", "9:0", on: (10..<43).map { "dm-\($0)" })
        disk.mount("9:0", "/")
        #expect(try disk.disks() == .observed(["/": .unknown]))
    }

    @Test("is not asked of what is in memory: a RAM disk, and zram that has no device to write to")
    func memory() throws {
        var disk = Blocks()
        disk.add("sda", "8:0")
        disk.add("zram0", "251:0")
        disk.add("zram1", "251:1")
        disk.add("ram0", "1:0")
        disk.write("/dev/sda\n", to: "sys/devices/zram1/backing_dev")
        disk.mount("8:0", "/")
        disk.mount("251:0", "/tmp")
        disk.mount("251:1", "/var/tmp")
        disk.mount("1:0", "/mnt")
        #expect(try disk.disks() == .observed(["/": .no, "/var/tmp": .unknown]))
    }

    @Test("is unknown where sysfs does not have the device, or may not be read")
    func unseen() throws {
        var disk = Blocks()
        disk.add("sda", "8:0")
        disk.add("dm-0", "254:0", uuid: "CRYPT-LUKS2-0-a", on: ["sda"])
        disk.mount("254:0", "/")
        disk.mount("8:99", "/other")
        #expect(try disk.disks() == .observed(["/": .yes, "/other": .unknown]))
        let denied: Set = ["sys/dev/block/254:0/dm/uuid"]
        #expect(try disk.disks(denying: denied) == .observed(["/": .unknown, "/other": .unknown]))
    }

    @Test("is unknown in a stack without an end, and every look at it ends", .timeLimit(.minutes(5)))
    func endless() throws {
        var disk = Blocks()
        disk.add("dm-0", "254:0", uuid: "LVM-a", on: ["dm-1", "dm-2"])
        disk.add("dm-1", "254:1", uuid: "LVM-b", on: ["dm-0", "dm-2"])
        disk.add("dm-2", "254:2", uuid: "LVM-c", on: ["dm-0", "dm-1"])
        disk.mount("254:0", "/")
        #expect(try disk.disks() == .observed(["/": .unknown]))
    }
}

extension TemporaryRoot {
    func disks(denying denied: Set<String> = []) throws -> Observation<[String: Disk]> {
        let root = try root(denying: denied)
        return root.disks()
    }
}
