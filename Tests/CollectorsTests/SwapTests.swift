import Collectors
import PostureModel
import Testing

@Suite("Swap")
struct SwapTests {
    /// A machine with an encrypted root, a disk in the clear, and these swap spaces.
    private func swap(
        _ spaces: [(String, String)],
        backing: String? = nil,
        denying denied: Set<String> = []
    ) throws -> Observation<Swap> {
        var disk = Blocks()
        disk.add("sda", "8:0")
        disk.add("sdb", "8:16")
        disk.add("dm-0", "254:0", uuid: "CRYPT-LUKS2-0-a", on: ["sda"])
        disk.add("dm-1", "254:1", uuid: "CRYPT-PLAIN-swap", on: ["sdb"])
        disk.add("zram0", "251:0")
        disk.add("zd0", "230:0")
        disk.add("nbd0", "43:0")
        if let backing { disk.write(backing + "\n", to: "sys/devices/zram0/backing_dev") }
        disk.mount("254:0", "/")
        disk.mount("8:16", "/data")
        for (number, type) in ["zfs", "bcachefs", "overlay", "fuse.x", "nfs4"].enumerated() {
            disk.mount("0:\(number + 40)", "/\(type)", type: type, source: "pool/a")
        }
        let lines = spaces.map { "\($0)                               \($1)\t\t4194300\t\t0\t\t-2\n" }
        disk.write("Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n" + lines.joined(), to: "proc/swaps")
        let tree = try disk.tree()
        let root = try tree.root(denying: denied)
        return root.swap()
    }

    @Test("is off where there is none")
    func off() throws {
        #expect(try swap([]) == .observed(.off))
    }

    @Test(
        "is what the device or the file system beneath it is",
        arguments: [
            ("/dev/dm-1", "partition", Swap.encrypted), ("/dev/mapper/name-of-dm-1", "partition", .encrypted),
            ("/dev/sdb", "partition", .unencrypted), ("/swap.img", "file", .encrypted),
            ("/data/swap\\040file", "file", .unencrypted), ("/dev/zram0", "partition", .memory),
        ]
    )
    func kinds(path: String, type: String, expected: Swap) throws {
        #expect(try swap([(path, type)]) == .observed(expected))
    }

    @Test(
        "is unknown where nobody sees what a device is made of, or a file system encrypts by itself",
        arguments: [
            ("/dev/zd0", "partition"), ("/dev/nbd0", "partition"), ("/zfs/swap", "file"), ("/bcachefs/swap", "file"),
            ("/overlay/swap", "file"), ("/fuse.x/swap", "file"), ("/nfs4/swap", "file"),
        ]
    )
    func hidden(path: String, type: String) throws {
        let reason = "what is beneath a swap space cannot be seen"
        #expect(try swap([(path, type)]) == .unreadable(reason: reason))
        #expect(try swap([(path, type), ("/swap.img", "file")]) == .unreadable(reason: reason))
        #expect(try swap([(path, type), ("/dev/sdb", "partition")]) == .observed(.unencrypted))
    }

    @Test("in compressed memory is on disk where zram has a device to write to")
    func writeback() throws {
        let zram = [("/dev/zram0", "partition")]
        #expect(try swap(zram, backing: "none") == .observed(.memory))
        #expect(try swap(zram, backing: "/dev/sdb") == .observed(.unencrypted))
        #expect(try swap(zram, backing: "/dev/dm-1") == .observed(.encrypted))
    }

    @Test("is no better than the worst of several")
    func several() throws {
        let spaces = [("/dev/zram0", "partition"), ("/dev/dm-1", "partition")]
        #expect(try swap(spaces) == .observed(.encrypted))
        #expect(try swap(spaces + [("/data/swap", "file")]) == .observed(.unencrypted))
        #expect(try swap(spaces + [("/dev/gone", "partition")]).value == nil)
    }

    @Test("cannot be told where the kernel's list may not be read or is hidden, nor where a device is not to be seen")
    func unreadable() throws {
        #expect(try swap([], denying: ["proc/swaps"]).value == nil)
        let files = try TemporaryRoot()
        let root = try files.root()
        #expect(root.swap() == .unreadable(reason: "/proc/swaps: no such file or directory"))
        #expect(try swap([("/dev/dm-1", "partition")], denying: ["sys/class/block/dm-1/dm/uuid"]).value == nil)
    }
}
