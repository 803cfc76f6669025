import Glibc
public import PostureModel

extension HostRoot {
    /// Looks beneath every file system on block devices for encryption.
    ///
    /// A file system stands at each of its mount points, but where the one above is its own too. `*` stands for those
    /// that are not listed: what is beyond 16, of which those that are not encrypted are kept, and, where only the
    /// agent's own mount namespace can be seen, what that may hide.
    ///
    /// - Source: `/proc/1/mountinfo`, else `/proc/self/mountinfo`; `/sys/dev/block`, `/sys/fs/btrfs`
    /// - SeeAlso: <https://docs.kernel.org/admin-guide/abi-testing.html>
    public borrowing func disks() -> Observation<[String: Encryption]> {
        do throws(HostReadError) {
            let table = try mountTable()
            guard let root = table.mounts.first(where: { $0.point == "/" }) else {
                return .unreadable(reason: "no mount of / in mountinfo")
            }
            // In a container files are mounted one by one, each from the host's file system.
            let listed = table.mounts.filter { $0.isListed && (root.isListed || $0.isWhole) }
            if listed.isEmpty { return .notApplicable(reason: "/ is \(root.type.bounded()), on no block device") }
            var walk = DeviceWalk(mounts: table)
            var found: [(mount: MountTable.Mount, encryption: Encryption)] = []
            for mount in listed {
                let encryption = encryption(of: mount, &walk)
                let above = found.last { mount.point.hasPrefix($0.mount.point == "/" ? "/" : $0.mount.point + "/") }
                if let above, mount.isCovered(by: above.mount), above.encryption == encryption { continue }
                found.append((mount, encryption))
            }
            return .observed(bounded(found.map { ($0.mount.point, $0.encryption) }, isOwn: table.isOwnNamespace))
        } catch {
            return Observation(error)
        }
    }

    private func bounded(_ all: [(point: String, encryption: Encryption)], isOwn: Bool) -> [String: Encryption] {
        let limit = 16
        let order: [Encryption] = [.no, .unknown, .yes]
        let kept = order.flatMap { word in all.filter { $0.encryption == word } }
        var disks = Dictionary(kept.prefix(limit).map { ($0.point.boundedInJSON(), $0.encryption) }) {
            weakest([$0, $1])
        }
        let rest = kept.dropFirst(limit).map(\.encryption) + (isOwn ? [.unknown] : [])
        if !rest.isEmpty { disks["*"] = weakest(rest) }
        return disks
    }
}

extension MountTable.Mount {
    /// Images that are made elsewhere and never written to: the snaps of a machine are dozens.
    private static let images: Set<String> = ["squashfs", "erofs", "iso9660", "udf", "cramfs", "romfs"]

    /// Whether the mount is of a file system on block devices, that somebody may write to.
    fileprivate var isListed: Bool {
        switch type {
        case "btrfs", "bcachefs": true
        case "zfs": !source.contains("@")
        default: hasDevice && (point == "/" || !Self.images.contains(type))
        }
    }

    /// Whether it is the file system's own root that is mounted, or a subvolume, rather than something deep in it.
    fileprivate var isWhole: Bool { root.split(separator: "/").count <= 1 }

    /// Whether a directory needs no line of its own below the other mount: the same file system, or the same pool.
    fileprivate func isCovered(by other: MountTable.Mount) -> Bool {
        if type == "zfs", other.type == "zfs" {
            return source.split(separator: "/").first == other.source.split(separator: "/").first
        }
        return device == other.device
    }
}
