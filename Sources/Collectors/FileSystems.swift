import Glibc
import PostureModel

extension HostRoot {
    /// Whether a mounted file system is encrypted.
    ///
    /// F2FS may be on several devices, and XFS has its log and its real-time section elsewhere where its options say so:
    /// what the mount is on is then not all of it.
    ///
    /// - SeeAlso: <https://docs.kernel.org/filesystems/f2fs.html>
    /// - SeeAlso: <https://man7.org/linux/man-pages/man5/xfs.5.html>
    borrowing func encryption(
        of mount: MountTable.Mount,
        depth: Int = 0,
        _ walk: inout DeviceWalk
    ) -> Encryption {
        do throws(HostReadError) {
            switch mount.type {
            case "zfs": return try encryption(ofDataset: mount.source)
            case "btrfs": return try encryption(ofBtrfs: mount, depth: depth, &walk)
            default:
                guard mount.hasDevice else { return .unknown }
                let seen = encryption(ofDevice: "sys/dev/block/\(mount.device)", depth: depth, &walk)
                return mount.isOnOthers ? weakest([seen, .unknown]) : seen
            }
        } catch {
            return .unknown
        }
    }

    /// Btrfs spreads over devices and has no number of its own: sysfs lists the devices of each file system.
    ///
    /// - Source: `/sys/fs/btrfs/<UUID>/devices`
    /// - SeeAlso: <https://btrfs.readthedocs.io/en/latest/btrfs-man5.html>
    private borrowing func encryption(
        ofBtrfs mount: MountTable.Mount,
        depth: Int,
        _ walk: inout DeviceWalk
    ) throws(HostReadError) -> Encryption {
        var all: [[String]] = []
        for name in try entries(of: "sys/fs/btrfs").prefix(Bounds.entries) {
            if try contains("sys/fs/btrfs/\(name)/devices") {
                all.append(try entries(of: "sys/fs/btrfs/\(name)/devices"))
            }
        }
        let named = try device(at: mount.source)?.split(separator: "/").last.map(String.init)
        let ofMount = all.filter { devices in named.map(devices.contains) ?? false }
        // `/dev/root` and the like name no device; where there is one file system, it is that.
        let candidates = named == nil ? all : ofMount
        guard candidates.count == 1, let devices = candidates.first else { return .unknown }
        var found: [Encryption] = []
        for name in devices.prefix(32) {
            found.append(encryption(ofDevice: "sys/class/block/\(name)", depth: depth + 1, &walk))
        }
        return weakest(found)
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
