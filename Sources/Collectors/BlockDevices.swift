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
    /// Whether what is written to a block device is encrypted on its way, for dm-crypt is somewhere in every stack below,
    /// and whether all of it is removable.
    ///
    /// A device beneath which the kernel shows nothing is not encrypted only where its driver is known to be one of
    /// hardware: a ZFS volume or a device on the network has layers that nobody sees.
    ///
    /// The device is a directory such as `sys/dev/block/254:0`.
    ///
    /// - Source: `dm/uuid`, `slaves`, `partition`, `loop/backing_file` and `removable` of the device's directory in sysfs
    /// - SeeAlso: <https://docs.kernel.org/admin-guide/abi-testing.html#abi-sys-block-dm-uuid>
    borrowing func disk(ofDevice device: String, depth: Int = 0, _ walk: inout DeviceWalk) -> Disk {
        guard walk.mayVisit(depth: depth) else { return .unknown }
        do throws(HostReadError) {
            guard try contains(device) else { return .unknown }
            let place = try target(of: device) ?? device
            let name = place.split(separator: "/").last ?? ""
            let layer = DeviceLayer(name: name, uuid: try textIfThere(at: "\(device)/dm/uuid"))
            let below = try contains("\(device)/slaves") ? try entries(of: "\(device)/slaves") : []
            if !below.isEmpty {
                return layer.over(weakest(disks(of: below, depth: depth + 1, &walk)))
            }
            if layer == .encrypting { return .yes }
            // A partition's directory is in its disk's.
            if try contains("\(device)/partition") {
                let disk = place == device ? "\(device)/.." : parent(of: place)
                return self.disk(ofDevice: disk, depth: depth + 1, &walk)
            }
            if let file = try textIfThere(at: "\(device)/loop/backing_file") {
                return disk(ofFile: file, depth: depth + 1, &walk)
            }
            return Disk(layer == .hardware ? .no : .unknown, isRemovable: try isRemovable(device, in: place))
        } catch {
            return .unknown
        }
    }

    /// The devices of these names, at most 32; the others are unknown.
    borrowing func disks(of names: [String], depth: Int, _ walk: inout DeviceWalk) -> [Disk] {
        var found: [Disk] = []
        for name in names.prefix(32) { found.append(disk(ofDevice: "sys/class/block/\(name)", depth: depth, &walk)) }
        return names.count > 32 ? found + [.unknown] : found
    }

    /// The file system that a file is on, or the device that it is.
    borrowing func disk(ofFile path: String, depth: Int = 0, _ walk: inout DeviceWalk) -> Disk {
        if path.hasPrefix("/dev/"), let name = try? deviceName(at: path) {
            return disk(ofDevice: "sys/class/block/\(name)", depth: depth + 1, &walk)
        }
        guard let mount = walk.mounts.containing(path) else { return .unknown }
        return disk(of: mount, depth: depth, &walk)
    }

    /// Whether a device that is not made of others is one that people plug in.
    ///
    /// Its medium can be taken out, it is a memory card, or it is on a port that is outside of the machine; a USB port that
    /// says nothing is taken to be. Disks on USB say that their medium cannot be taken out, for it is the disk itself that is.
    ///
    /// - SeeAlso: <https://docs.kernel.org/admin-guide/abi-testing.html#abi-sys-devices-removable>
    private borrowing func isRemovable(_ device: String, in place: String) throws(HostReadError) -> Bool {
        if try textIfThere(at: "\(device)/removable", limit: 64) == "1" { return true }
        // Memory that is soldered in is of the type `MMC`.
        if try textIfThere(at: "\(device)/device/type", limit: 64) == "SD" { return true }
        var above = parent(of: place)
        for _ in 0..<32 where above.hasPrefix("sys/devices/") {
            switch try textIfThere(at: "\(above)/removable", limit: 64) {
            case "removable": return true
            case "fixed": return false
            default: if try contains("\(above)/busnum") { return true }
            }
            above = parent(of: above)
        }
        return false
    }

    /// The text of a file, or nil where there is none.
    borrowing func textIfThere(at path: String, limit: Int = 64 * 1024) throws(HostReadError) -> String? {
        do throws(HostReadError) { return try text(at: path, limit: limit) } catch {
            if error.isAbsence { return nil }
            throw error
        }
    }
}

/// The directory that a path is in.
private func parent(of path: String) -> String { path.split(separator: "/").dropLast().joined(separator: "/") }

/// What holds for the whole of several devices: not encrypted if one is not, unknown if one is; removable if all are.
func weakest(_ all: [Disk]) -> Disk {
    let words = all.map(\.encryption)
    let encryption: Encryption =
        words.contains(.no) ? .no : words.isEmpty || words.contains(.unknown) ? .unknown : .yes
    return Disk(encryption, isRemovable: !all.isEmpty && all.allSatisfy(\.isRemovable))
}
