import Glibc
public import PostureModel

extension HostRoot {
    /// Looks beneath every swap space for encryption: partitions, files, and memory that is compressed (zram).
    ///
    /// - Source: `/proc/swaps`, `/sys/block/zram<N>/backing_dev`, and as for ``disks()``
    /// - SeeAlso: <https://man7.org/linux/man-pages/man5/proc_swaps.5.html>
    public borrowing func swap() -> Observation<Swap> {
        do throws(HostReadError) {
            let lines = try text(at: "proc/swaps").utf8.split(separator: UInt8(ascii: "\n")).dropFirst()
            if lines.isEmpty { return .observed(.off) }
            var walk = DeviceWalk(mounts: try mountTable())
            var found: [Encryption] = []
            for line in lines.prefix(Bounds.entries) {
                let fields = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.map(unescape)
                guard fields.count >= 2 else { return .unreadable(reason: "/proc/swaps: a line without a type") }
                if let one = try encryption(ofSwap: fields[0], isFile: fields[1] == "file", &walk) {
                    found.append(one)
                }
            }
            if found.isEmpty { return .observed(.memory) }
            switch weakest(found) {
            case .yes: return .observed(.encrypted)
            case .no: return .observed(.unencrypted)
            case .unknown: return .unreadable(reason: "what is beneath a swap space cannot be seen")
            }
        } catch {
            return Observation(error)
        }
    }

    /// Whether one swap space is encrypted; nil for one that never reaches a disk.
    private borrowing func encryption(
        ofSwap path: String,
        isFile: Bool,
        _ walk: inout DeviceWalk
    ) throws(HostReadError) -> Encryption? {
        if isFile { return encryption(ofFile: path, &walk) }
        guard let device = try device(at: path) else { return .unknown }
        guard device.hasPrefix("sys/class/block/zram") else { return encryption(ofDevice: device, &walk) }
        // zram may write what nobody uses to a device.
        guard let backing = try textIfThere(at: "\(device)/backing_dev"), backing != "none" else { return nil }
        guard let behind = try self.device(at: backing) else { return .unknown }
        return encryption(ofDevice: behind, &walk)
    }
}
