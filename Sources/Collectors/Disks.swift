import Glibc
package import PostureModel

extension HostRoot {
    /// Looks beneath every file system on block devices for encryption, and whether it is removable.
    ///
    /// A file system stands at each of its mount points, but where the one above is its own too. `*` stands for those
    /// that are not listed: what is beyond 16, of which those that are not encrypted and not removable are kept, and,
    /// where only the agent's own mount namespace can be seen, what that may hide.
    ///
    /// - Source: `/proc/1/mountinfo`, else `/proc/self/mountinfo`; `/sys/dev/block`, `/sys/fs/btrfs`
    /// - SeeAlso: <https://docs.kernel.org/admin-guide/abi-testing.html>
    package borrowing func disks() -> Observation<[String: Disk]> {
        do throws(HostReadError) {
            let table = try mountTable()
            guard let root = table.mounts.first(where: { $0.point == "/" }) else {
                return .unreadable(reason: "no mount of / in mountinfo")
            }
            var walk = DeviceWalk(mounts: table)
            let (listed, reason) = try listed(table, root: root)
            if listed.isEmpty { return .notApplicable(reason: "/ is \(root.type.firstScalars()), \(reason)") }
            var found: [(mount: MountTable.Mount, disk: Disk)] = []
            for mount in listed where try !isInMemory(mount) {
                let disk = disk(of: mount, &walk)
                let above = found.last { mount.point.hasPrefix($0.mount.point == "/" ? "/" : $0.mount.point + "/") }
                if let above, mount.isCovered(by: above.mount), above.disk == disk { continue }
                found.append((mount, disk))
            }
            if found.isEmpty { return .notApplicable(reason: "every file system is in memory") }
            return .observed(bounded(found.map { ($0.mount.point, $0.disk) }, isOwn: table.isOwnNamespace))
        } catch {
            return Observation(error)
        }
    }

    /// Whether a file system is on a device of memory: `ram0`, or zram that has no device to write to.
    private borrowing func isInMemory(_ mount: MountTable.Mount) throws(HostReadError) -> Bool {
        let device = "sys/dev/block/\(mount.device)"
        guard mount.hasDevice, try contains(device), let name = try target(of: device)?.split(separator: "/").last
        else {
            return false
        }
        if name.hasPrefix("zram") { return try textIfThere(at: "\(device)/backing_dev") ?? "none" == "none" }
        return name.hasPrefix("ram")
    }

    /// The mounts that hold what the machine writes, and why there are none where there are none.
    ///
    /// Where the root is on no block device itself, it is kept elsewhere: an overlay's changes in its upper directory, what
    /// an image-based system writes in the file systems beside it, what is on the network where nobody here can see.
    private borrowing func listed(
        _ table: MountTable,
        root: MountTable.Mount
    ) throws(HostReadError) -> (mounts: [MountTable.Mount], reason: String) {
        if root.isListed { return (table.mounts.filter(\.isListed), "") }
        let isContainer = try isContainer(table)
        let beside = table.mounts.filter { mount in
            // In a container files and volumes are mounted one by one, each from the host's file system.
            mount.point != "/" && mount.isListed && (mount.isWhole || (!isContainer && mount.isOfTheSystem))
        }
        if isContainer { return (beside, "on no block device") }
        switch root.type {
        case "tmpfs", "ramfs", "rootfs": return (beside, "in memory: nothing on it outlives a boot")
        case "overlay":
            guard let upper = root.upperDirectory else { return (beside, "to which nothing can be written") }
            if let mount = table.containing(upper), ["tmpfs", "ramfs"].contains(mount.type) {
                return (beside, "whose changes are in memory: nothing on it outlives a boot")
            }
        default:
            if root.isImage { return (beside, "to which nothing can be written") }
        }
        return ([root] + beside, "")
    }

    /// Whether the files are mounted that every container engine puts over those of the image, or an engine left its mark.
    private borrowing func isContainer(_ table: MountTable) throws(HostReadError) -> Bool {
        let files = ["/etc/hosts", "/etc/hostname", "/etc/resolv.conf"]
        if table.mounts.contains(where: { files.contains($0.point) && !$0.isWhole }) { return true }
        for mark in [".dockerenv", "run/.containerenv", "run/systemd/container"] where try contains(mark) {
            return true
        }
        return false
    }

    private func bounded(_ all: [(point: String, disk: Disk)], isOwn: Bool) -> [String: Disk] {
        let limit = 16
        let order: [Disk] = [
            .no, .unknown, .yes, Disk(.no, isRemovable: true), Disk(.unknown, isRemovable: true),
            Disk(.yes, isRemovable: true),
        ]
        let kept = order.flatMap { disk in all.filter { $0.disk == disk } }
        var disks = Dictionary(kept.prefix(limit).map { ($0.point.boundedInJSON(), $0.disk) }) { weakest([$0, $1]) }
        let rest = kept.dropFirst(limit).map(\.disk) + (isOwn ? [.unknown] : [])
        // What is removable says nothing of what is not.
        let fixed = rest.filter { !$0.isRemovable }
        if !rest.isEmpty { disks["*"] = weakest(fixed.isEmpty ? rest : fixed) }
        return disks
    }
}

extension MountTable.Mount {
    /// Images that are made elsewhere and never written to: the snaps of a machine are dozens.
    private static let images: Set<String> = ["squashfs", "erofs", "iso9660", "udf", "cramfs", "romfs", "composefs"]

    /// Directories of the system that image-based ones mount from deep in a file system.
    private static let systemDirectories: Set<String> = [
        "/etc", "/var", "/home", "/var/home", "/root", "/var/roothome", "/srv", "/opt", "/usr/local", "/sysroot",
        "/nix",
    ]

    fileprivate var isImage: Bool { Self.images.contains(type) }

    /// Whether the mount is of a file system on block devices, that somebody may write to.
    fileprivate var isListed: Bool {
        switch type {
        case "btrfs", "bcachefs": true
        case "zfs": !source.contains("@")
        default: hasDevice && !isImage
        }
    }

    /// Whether it is the file system's own root that is mounted, or a subvolume, rather than something deep in it.
    fileprivate var isWhole: Bool { root.split(separator: "/").count <= 1 }

    fileprivate var isOfTheSystem: Bool { Self.systemDirectories.contains(point) }

    /// Whether a directory needs no line of its own below the other mount: the same file system, or the same pool.
    fileprivate func isCovered(by other: MountTable.Mount) -> Bool {
        if type == "zfs", other.type == "zfs" {
            return source.split(separator: "/").first == other.source.split(separator: "/").first
        }
        return device == other.device
    }
}
