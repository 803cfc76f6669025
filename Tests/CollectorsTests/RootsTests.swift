import Collectors
import PostureModel
import Testing

@Suite("A machine without a block device at its root")
struct RootsTests {
    /// A disk with LUKS on it or without, and a root that is on neither; `build` mounts the rest.
    private func disks(
        encrypted: Bool = true,
        root type: String = "overlay",
        source: String = "overlay",
        options: String = "rw",
        _ build: (inout Blocks) -> Void = { _ in }
    ) throws -> Observation<[String: Disk]> {
        var disk = Blocks()
        disk.add("sda", "8:0")
        disk.add("sda3", "8:3", partitionOf: "sda")
        disk.add("dm-0", "254:0", uuid: encrypted ? "CRYPT-LUKS2-0-a" : "LVM-a", on: ["sda3"])
        disk.add("sdb", "8:16")
        disk.write("1\n", to: "sys/devices/sdb/removable")
        disk.mount("0:30", "/", type: type, source: source, options: options)
        build(&disk)
        return try disk.disks()
    }

    private static let composefs =
        "ro,lowerdir+=/run/ostree/.private/cfsroot-lower,datadir+=/sysroot/ostree/repo/objects"

    @Test(
        "of bootc has what it writes in the file systems beside: /sysroot, and /etc and /var from deep in it",
        arguments: [true, false]
    )
    func bootc(encrypted: Bool) throws {
        let found = try disks(encrypted: encrypted, source: "composefs", options: Self.composefs) { disk in
            disk.mount("254:0", "/sysroot")
            disk.mount("254:0", "/etc", root: "/ostree/deploy/default/deploy/f00d.0/etc")
            disk.mount("254:0", "/var", root: "/ostree/deploy/default/var")
            disk.mount("8:3", "/boot")
        }
        let all: Disk = encrypted ? .yes : .no
        #expect(found == .observed(["/sysroot": all, "/etc": all, "/var": all, "/boot": .no]))
    }

    @Test("of an atomic desktop has them on subvolumes of btrfs")
    func silverblue() throws {
        let found = try disks(source: "composefs", options: Self.composefs) { disk in
            disk.link("sys/fs/btrfs/5b0a3f5e-0000-4000-8000-000000000042/devices/dm-0", to: "/sys/class/block/dm-0")
            for (point, root) in [
                ("/sysroot", "/root"), ("/etc", "/root/ostree/deploy/fedora/deploy/f00d.0/etc"),
                ("/var", "/root/ostree/deploy/fedora/var"), ("/var/home", "/home"),
            ] {
                disk.mount("0:35", point, root: root, type: "btrfs", source: "/dev/mapper/name-of-dm-0")
            }
        }
        // What is below /var on the same file system needs no line.
        #expect(found == .observed(["/sysroot": .yes, "/etc": .yes, "/var": .yes]))
    }

    @Test("of a live system keeps nothing, where its changes are in memory")
    func live() throws {
        let options =
            "rw,lowerdir=/run/live/rootfs/filesystem.squashfs,upperdir=/run/live/overlay/rw,workdir=/run/live/overlay/work"
        let found = try disks(options: options) { disk in
            disk.add("loop0", "7:0", backing: "/run/live/medium/live/filesystem.squashfs")
            disk.mount("0:31", "/run", type: "tmpfs", source: "tmpfs")
            disk.mount("8:16", "/run/live/medium", type: "iso9660")
            disk.mount("7:0", "/run/live/rootfs/filesystem.squashfs", type: "squashfs")
            disk.mount("0:32", "/run/live/overlay", type: "tmpfs", source: "tmpfs")
        }
        let reason = "/ is overlay, whose changes are in memory: nothing on it outlives a boot"
        #expect(found == .notApplicable(reason: reason))
    }

    @Test("of a live system with persistence keeps its changes on the stick")
    func persistence() throws {
        let options =
            "rw,lowerdir=/lower,upperdir=/run/live/persistence/sdb2/rw,workdir=/run/live/persistence/sdb2/work"
        let found = try disks(options: options) { disk in
            disk.mount("0:31", "/run", type: "tmpfs", source: "tmpfs")
            disk.mount("8:16", "/run/live/persistence/sdb2")
        }
        let stick = Disk(.no, isRemovable: true)
        #expect(found == .observed(["/": stick, "/run/live/persistence/sdb2": stick]))
    }

    @Test("that is an overlay is what its upper directory is on", arguments: [true, false])
    func upper(encrypted: Bool) throws {
        let options = "rw,lowerdir=/lower,upperdir=/media/root-rw/overlay,workdir=/media/root-rw/work"
        let found = try disks(encrypted: encrypted, options: options) { $0.mount("254:0", "/media/root-rw") }
        let all: Disk = encrypted ? .yes : .no
        #expect(found == .observed(["/": all, "/media/root-rw": all]))
    }

    @Test("that is an overlay is unknown where its upper directory is not to be seen, or is in it")
    func hiddenUpper() throws {
        for options in ["rw,lowerdir=/a,upperdir=/cow/upper,workdir=/cow/work", "rw,upperdir=/,workdir=/"] {
            #expect(try disks(options: options) == .observed(["/": .unknown]))
            let beside = try disks(options: options) { $0.mount("254:0", "/home") }
            #expect(beside == .observed(["/": .unknown, "/home": .yes]))
        }
        let flash = try disks(options: "rw,upperdir=/overlay/upper") { disk in
            disk.mount("0:40", "/overlay", type: "ubifs", source: "ubi0_1")
        }
        #expect(flash == .observed(["/": .unknown]))
    }

    @Test(
        "that is on the network, or whatever else has no device, is unknown",
        arguments: ["nfs4", "nfs", "cifs", "9p", "virtiofs", "ceph", "fuse.anything", "ubifs", "wslfs", "novel"]
    )
    func network(type: String) throws {
        #expect(try disks(root: type, source: "server:/root") == .observed(["/": .unknown]))
        let beside = try disks(encrypted: false, root: type) { $0.mount("254:0", "/home") }
        #expect(beside == .observed(["/": .unknown, "/home": .no]))
    }

    @Test(
        "that is in memory keeps what is mounted beside it, and nothing else",
        arguments: ["tmpfs", "ramfs", "rootfs"]
    )
    func memory(type: String) throws {
        let reason = "/ is \(type), in memory: nothing on it outlives a boot"
        #expect(try disks(root: type) == .notApplicable(reason: reason))
        let found = try disks(root: type) { disk in
            disk.mount("254:0", "/nix")
            disk.mount("254:0", "/etc", root: "/persist/machines/a/etc")
            disk.mount("254:0", "/etc/ssh/key", root: "/persist/machines/a/key")
            disk.mount("8:3", "/boot", type: "vfat")
        }
        #expect(found == .observed(["/nix": .yes, "/etc": .yes, "/boot": .no]))
    }

    @Test("that is an image is not written to: what is beside it counts", arguments: ["squashfs", "erofs"])
    func image(type: String) throws {
        var disk = Blocks()
        disk.add("sda", "8:0")
        disk.add("loop0", "7:0", backing: "/nowhere/core22.snap")
        disk.mount("7:0", "/", type: type)
        #expect(try disk.disks() == .notApplicable(reason: "/ is \(type), to which nothing can be written"))
        disk.mount("8:0", "/writable")
        disk.mount("8:0", "/home", root: "/user-data/all/home")
        #expect(try disk.disks() == .observed(["/writable": .no, "/home": .no]))
    }

    @Test(
        "of a container is the host's, and so are the files that are mounted over it",
        arguments: ["overlay", "tmpfs", "nfs4", "virtiofs"]
    )
    func container(type: String) throws {
        let options =
            "rw,lowerdir=/l/A,upperdir=/var/lib/docker/overlay2/f00d/diff,workdir=/var/lib/docker/overlay2/f00d/work"
        let found = try disks(root: type, options: options) { disk in
            disk.mount("254:0", "/etc/hosts", root: "/var/lib/docker/containers/f00d/hosts")
            disk.mount("254:0", "/var", root: "/var/lib/docker/volumes/a/_data")
        }
        #expect(found == .notApplicable(reason: "/ is \(type), on no block device"))
        for mark in [".dockerenv", "run/.containerenv", "run/systemd/container"] {
            let marked = try disks(root: type, options: options) { $0.write("", to: mark) }
            #expect(marked == .notApplicable(reason: "/ is \(type), on no block device"))
        }
    }

    @Test("of a container has the volumes that are block devices as a whole")
    func volume() throws {
        let found = try disks { disk in
            disk.write("", to: "run/.containerenv")
            disk.mount("254:0", "/data")
        }
        #expect(found == .observed(["/data": .yes]))
    }
}
