import Glibc
import PostureModel

/// How far a look at what is beneath file systems may still go.
struct DeviceWalk {
    /// What is mounted: the file of a loop device is on one of these file systems.
    let mounts: MountTable
    /// Devices that may still be looked at: stacks can share devices any number of times.
    private var left = 2048

    init(mounts: MountTable) { self.mounts = mounts }

    /// Whether one more device may be looked at, with so many above it.
    mutating func mayVisit(depth: Int) -> Bool {
        left -= 1
        return left >= 0 && depth <= 16
    }
}

extension HostRoot {
    /// Whether what is written to a block device is encrypted on its way: dm-crypt is somewhere in every stack below.
    ///
    /// The device is a directory such as `sys/dev/block/254:0`.
    ///
    /// - Source: `dm/uuid`, `slaves`, `partition` and `loop/backing_file` of the device's directory in sysfs
    /// - SeeAlso: <https://docs.kernel.org/admin-guide/abi-testing.html#abi-sys-block-dm-uuid>
    borrowing func encryption(ofDevice device: String, depth: Int = 0, _ walk: inout DeviceWalk) -> Encryption {
        guard walk.mayVisit(depth: depth) else { return .unknown }
        do throws(HostReadError) {
            guard try contains(device) else { return .unknown }
            if let uuid = try textIfThere(at: "\(device)/dm/uuid"), isEncrypting(uuid) { return .yes }
            let below = try contains("\(device)/slaves") ? try entries(of: "\(device)/slaves") : []
            if !below.isEmpty {
                var found: [Encryption] = []
                for name in below.prefix(32) {
                    found.append(encryption(ofDevice: "sys/class/block/\(name)", depth: depth + 1, &walk))
                }
                return weakest(found)
            }
            // A partition's directory is in its disk's.
            if try contains("\(device)/partition") {
                return encryption(ofDevice: "\(device)/..", depth: depth + 1, &walk)
            }
            if let file = try textIfThere(at: "\(device)/loop/backing_file") {
                return encryption(ofFile: file, depth: depth + 1, &walk)
            }
            return .no
        } catch {
            return .unknown
        }
    }

    /// Whether the file system that a file is on is encrypted.
    borrowing func encryption(ofFile path: String, depth: Int = 0, _ walk: inout DeviceWalk) -> Encryption {
        guard let mount = walk.mounts.containing(path) else { return .unknown }
        return encryption(of: mount, depth: depth, &walk)
    }

    /// The directory in sysfs of the block device that `path` names, as in `/dev/dm-1` or `/dev/mapper/vg-home`.
    borrowing func device(at path: String) throws(HostReadError) -> String? {
        guard let name = path.split(separator: "/").last else { return nil }
        if try contains("sys/class/block/\(name)") { return "sys/class/block/\(name)" }
        // The names in /dev/mapper are not the kernel's.
        for other in try entries(of: "sys/class/block").prefix(Bounds.entries) where other.hasPrefix("dm-") {
            if try textIfThere(at: "sys/class/block/\(other)/dm/name") == String(name) {
                return "sys/class/block/\(other)"
            }
        }
        return nil
    }

    /// The text of a file, or nil where there is none.
    borrowing func textIfThere(at path: String, limit: Int = 64 * 1024) throws(HostReadError) -> String? {
        do throws(HostReadError) { return try text(at: path, limit: limit) } catch {
            if error.isAbsence { return nil }
            throw error
        }
    }
}

/// What holds for the whole of several devices: not encrypted if one is not, unknown if one is.
func weakest(_ all: [Encryption]) -> Encryption {
    if all.contains(.no) { return .no }
    return all.isEmpty || all.contains(.unknown) ? .unknown : .yes
}

/// Whether a device-mapper UUID is that of a device that encrypts.
///
/// cryptsetup also makes `CRYPT-VERITY-` and `CRYPT-INTEGRITY-`, which do not.
///
/// - SeeAlso: <https://gitlab.com/cryptsetup/cryptsetup/-/blob/main/lib/libdevmapper.c>
private func isEncrypting(_ uuid: String) -> Bool {
    let parts = uuid.split(separator: "-", maxSplits: 2)
    guard parts.count == 3, parts[0] == "CRYPT" else { return false }
    return ["LUKS1", "LUKS2", "PLAIN", "LOOPAES", "TCRYPT", "BITLK", "FVAULT2"].contains(parts[1])
}
