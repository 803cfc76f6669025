import Collectors
import PostureModel
import Testing

@Suite("Disk encryption of what is mounted")
struct MountedDisksTests {
    @Test("lists a file system once below itself, and again where another one is between")
    func bindMounts() throws {
        var disk = Blocks()
        disk.add("sda", "8:0")
        disk.add("sdb", "8:16")
        disk.mount("8:0", "/")
        disk.mount("8:0", "/srv/www", root: "/var/www")
        disk.mount("8:16", "/data")
        disk.mount("8:0", "/data/old", root: "/old")
        disk.mount("8:16", "/database")
        #expect(try disk.disks() == .observed(["/": .no, "/data": .no, "/data/old": .no, "/database": .no]))
    }

    @Test("takes what is mounted last where two file systems share a mount point")
    func overmounted() throws {
        var disk = Blocks()
        disk.add("sda", "8:0")
        disk.add("dm-0", "254:0", uuid: "CRYPT-LUKS2-0-a", on: ["sda"])
        disk.mount("8:0", "/")
        disk.mount("254:0", "/home")
        disk.mount("8:0", "/home")
        #expect(try disk.disks() == .observed(["/": .no]))
    }

    @Test("leaves out what is in memory, on the network, or an image that nobody writes to")
    func leftOut() throws {
        var disk = Blocks()
        disk.add("sda", "8:0")
        disk.add("loop0", "7:0", backing: "/var/lib/snapd/snaps/core.snap")
        disk.mount("8:0", "/")
        disk.mount("0:30", "/tmp", type: "tmpfs", source: "tmpfs")
        disk.mount("0:31", "/mnt", type: "nfs4", source: "192.0.2.1:/")
        disk.mount("7:0", "/snap/core/1", type: "squashfs", source: "/dev/loop0")
        #expect(try disk.disks() == .observed(["/": .no]))
    }

    @Test("is said for 16 file systems, and never leaves out one that is not encrypted for one that is")
    func many() throws {
        var disk = Blocks()
        disk.add("sda", "8:0")
        disk.add("sdb", "8:16")
        disk.add("dm-0", "254:0", uuid: "CRYPT-LUKS2-0-a", on: ["sda"])
        disk.mount("254:0", "/")
        for number in 10..<50 {
            disk.add("dm-\(number)", "254:\(number)", uuid: "CRYPT-LUKS2-0-x", on: ["sda"])
            disk.mount("254:\(number)", "/mnt/\(number)")
        }
        disk.mount("8:16", "/zzz")
        let listed = try #require(try disk.disks().value)
        #expect(listed.count == 17)
        #expect(listed["/zzz"] == .no)
        #expect(listed["*"] == .yes)
        for number in 50..<70 {
            disk.add("sd\(number)", "65:\(number)")
            disk.mount("65:\(number)", "/mnt/\(number)")
        }
        let worse = try #require(try disk.disks().value)
        #expect(worse.count == 17)
        #expect(worse.values.allSatisfy { $0 == .no })
    }

    @Test(
        "is unknown where a file system may be on other devices too, unless the one that is seen is not encrypted",
        arguments: [
            ("f2fs", "rw", Disk.unknown), ("xfs", "rw,noquota", .yes), ("xfs", "rw,logdev=/dev/sdb", .unknown),
            ("xfs", "rw,rtdev=/dev/sdb,noquota", .unknown),
        ]
    )
    func otherDevices(type: String, options: String, encryption: Disk) throws {
        var disk = Blocks()
        disk.add("sda", "8:0")
        disk.add("dm-0", "254:0", uuid: "CRYPT-LUKS2-0-a", on: ["sda"])
        disk.mount("254:0", "/", type: type, options: options)
        disk.mount("8:0", "/plain", type: type, options: options)
        #expect(try disk.disks() == .observed(["/": encryption, "/plain": .no]))
    }

    @Test("has mount points of 256 bytes in JSON at most, whatever is in them")
    func longPoints() throws {
        for character in ["a", "\u{1F512}", "\\001", "\\134"] {
            var disk = Blocks()
            disk.add("sda", "8:0")
            disk.add("sdb", "8:16")
            disk.mount("8:0", "/")
            disk.mount("8:16", "/" + String(repeating: character, count: 1000))
            let points = try #require(try disk.disks().value).keys
            #expect(points.count == 2)
            for point in points { #expect(try Wire.encode(point).count <= 258) }
        }
    }

    @Test("has a stand-in for what a sandbox may hide, where PID 1's mounts are not to be seen")
    func ownNamespace() throws {
        var disk = Blocks()
        disk.add("sda", "8:0")
        disk.mount("8:0", "/")
        disk.process = "self"
        #expect(try disk.disks() == .observed(["/": .no, "*": .unknown]))
    }

    @Test("cannot be told without a table of mounts, nor by one that lacks a root")
    func noTable() throws {
        let none = try TemporaryRoot().disks()
        #expect(none == .unreadable(reason: "/proc/self/mountinfo: no such file or directory"))
        let empty = try TemporaryRoot(["proc/1/mountinfo": "nonsense\n1 2 3\n"]).disks()
        #expect(empty == .unreadable(reason: "no mount of / in mountinfo"))
        let denied = try TemporaryRoot(["proc/1/mountinfo": ""]).disks(denying: ["proc/1/mountinfo"])
        #expect(denied.value == nil)
    }
}
