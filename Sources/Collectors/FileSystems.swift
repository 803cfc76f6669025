import Glibc
import PostureModel

extension HostRoot {
    /// What a mounted file system is on.
    ///
    /// F2FS may be on several devices, and XFS has its log and its real-time section elsewhere where its options say so:
    /// what the mount is on is then not all of it. What is written to an overlay is where its upper directory is.
    ///
    /// - SeeAlso: <https://docs.kernel.org/filesystems/f2fs.html>
    /// - SeeAlso: <https://man7.org/linux/man-pages/man5/xfs.5.html>
    /// - SeeAlso: <https://docs.kernel.org/filesystems/overlayfs.html>
    borrowing func disk(of mount: MountTable.Mount, depth: Int = 0, _ walk: inout DeviceWalk) -> Disk {
        do throws(HostReadError) {
            switch mount.type {
            case "zfs": return Disk(try encryption(ofDataset: mount.source))
            case "btrfs": return try disk(ofBtrfs: mount, depth: depth, &walk)
            // It is on several devices, and encrypts by itself or not.
            case "bcachefs": return .unknown
            case "overlay":
                guard let upper = mount.upperDirectory, walk.mayVisit(depth: depth) else { return .unknown }
                return disk(ofFile: upper, depth: depth + 1, &walk)
            default:
                guard mount.hasDevice else { return .unknown }
                let seen = disk(ofDevice: "sys/dev/block/\(mount.device)", depth: depth, &walk)
                return mount.isOnOthers ? weakest([seen, .unknown]) : seen
            }
        } catch {
            return .unknown
        }
    }

    /// Btrfs spreads over devices and has no number of its own: sysfs lists the devices of each file system.
    ///
    /// - Source: `/sys/fs/btrfs/<UUID>/devices`, and `label` beside it
    /// - SeeAlso: <https://btrfs.readthedocs.io/en/latest/btrfs-man5.html>
    private borrowing func disk(
        ofBtrfs mount: MountTable.Mount,
        depth: Int,
        _ walk: inout DeviceWalk
    ) throws(HostReadError) -> Disk {
        let named = try deviceName(at: mount.source)
        let last = mount.source.split { "/=\"".contains($0) }.last.map(String.init) ?? "?"
        var all: [[String]] = []
        var ofMount: [[String]] = []
        for name in try entries(of: "sys/fs/btrfs").prefix(Bounds.entries) {
            guard try contains("sys/fs/btrfs/\(name)/devices") else { continue }
            let devices = try entries(of: "sys/fs/btrfs/\(name)/devices")
            all.append(devices)
            let label = try textIfThere(at: "sys/fs/btrfs/\(name)/label")
            let isNamed = named.map(devices.contains) ?? (name == last.lowercased() || label == last)
            if isNamed { ofMount.append(devices) }
        }
        // `/dev/root` and the like name no device; where there is one file system, it is that.
        let candidates = named == nil && ofMount.isEmpty ? all : ofMount
        guard candidates.count == 1, let devices = candidates.first else { return .unknown }
        return weakest(disks(of: devices, depth: depth + 1, &walk))
    }

    /// The kernel tells nobody whether a ZFS dataset is encrypted, nor what its pool is on: ZFS's own list is asked.
    ///
    /// Without native encryption there may still be dm-crypt beneath the pool, so that is `unknown`.
    ///
    /// - Source: `/etc/zfs/zfs-list.cache/<pool>`, the eleventh column
    /// - SeeAlso: <https://openzfs.github.io/openzfs-docs/man/master/8/zfs-mount-generator.8.html>
    private borrowing func encryption(ofDataset dataset: String) throws(HostReadError) -> Encryption {
        guard let pool = dataset.split(separator: "/").first else { return .unknown }
        for line in try text(at: "etc/zfs/zfs-list.cache/\(pool)", limit: 1 << 20).split(separator: "\n") {
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard columns.count > 10, columns[0] == dataset else { continue }
            return columns[10].isEmpty || columns[10] == "-" ? .unknown : .yes
        }
        return .unknown
    }
}
