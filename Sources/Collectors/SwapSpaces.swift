import Glibc
package import PostureModel

extension HostRoot {
    /// Looks beneath every swap space for encryption: partitions, files, and memory that is compressed (zram).
    ///
    /// - Source: `/proc/swaps`, `/sys/block/zram<N>/backing_dev`, and as for ``disks()``
    /// - SeeAlso: <https://man7.org/linux/man-pages/man5/proc_swaps.5.html>
    package borrowing func swap() -> Observation<Swap> {
        do throws(HostReadError) {
            let lines = try text(at: "proc/swaps").utf8.split(separator: UInt8(ascii: "\n")).dropFirst()
            if lines.isEmpty { return .observed(.off) }
            var walk = DeviceWalk(mounts: try mountTable())
            var found: [Disk] = []
            for line in lines.prefix(Bounds.entries) {
                let fields = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.map(unescape)
                guard fields.count >= 2 else { return .unreadable(reason: "/proc/swaps: a line without a type") }
                if let one = try disk(ofSwap: fields[0], isFile: fields[1] == "file", &walk) {
                    found.append(one)
                }
            }
            if found.isEmpty { return .observed(.memory) }
            switch weakest(found).encryption {
            case .yes: return .observed(.encrypted)
            case .no: return .observed(.unencrypted)
            case .unknown: return .unreadable(reason: "what is beneath a swap space cannot be seen")
            }
        } catch {
            return Observation(error)
        }
    }

    /// What one swap space is on; nil for one that never reaches a disk.
    private borrowing func disk(
        ofSwap path: String,
        isFile: Bool,
        _ walk: inout DeviceWalk
    ) throws(HostReadError) -> Disk? {
        if isFile { return disk(ofFile: path, &walk) }
        guard let name = try deviceName(at: path) else { return .unknown }
        let device = "sys/class/block/\(name)"
        guard name.hasPrefix("zram") else { return disk(ofDevice: device, &walk) }
        // zram may write what nobody uses to a device.
        guard let backing = try textIfThere(at: "\(device)/backing_dev"), backing != "none" else { return nil }
        return disk(ofFile: backing, &walk)
    }
}
