import Glibc

/// What is mounted where, of one mount namespace.
struct MountTable: Sendable {
    /// The mounts that can be reached, in the order of their mount points: where two share one, the upper.
    let mounts: [Mount]
    /// Whether this is what the agent itself sees: a sandbox may hide some of the machine's.
    let isOwnNamespace: Bool

    /// One mount.
    struct Mount: Sendable, Equatable {
        /// The file system's device number, such as `254:0`; the major number is 0 where there is no one device.
        var device: String
        /// What of the file system is mounted.
        var root: String
        /// Where it is mounted.
        var point: String
        /// The file system's type, such as `ext4`.
        var type: String
        /// The device's path, or whatever else the file system calls its source.
        var source: String
        /// Whether it may be on devices that nothing but the file system itself knows of.
        var isOnOthers: Bool
        /// Where an overlay keeps what is written to it; nil for one that nobody can write to, and for all else.
        var upperDirectory: String?
    }

    /// The mount that a file is on.
    func containing(_ path: String) -> Mount? {
        mounts.last { path == $0.point || path.hasPrefix($0.point == "/" ? "/" : $0.point + "/") }
    }
}

extension HostRoot {
    /// Reads the mounts of PID 1, and the agent's own where those are hidden.
    ///
    /// - Source: `/proc/1/mountinfo`, else `/proc/self/mountinfo`
    /// - SeeAlso: <https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html>
    borrowing func mountTable() throws(HostReadError) -> MountTable {
        let isHidden = try !contains("proc/1/mountinfo")
        let text = try text(at: isHidden ? "proc/self/mountinfo" : "proc/1/mountinfo", limit: 1 << 20)
        return MountTable(parsing: text, isOwnNamespace: isHidden)
    }
}

extension MountTable {
    /// Takes the lines of mountinfo; one that is none is skipped.
    init(parsing text: String, isOwnNamespace: Bool = false) {
        var byPoint: [String: Mount] = [:]
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            guard let mount = Mount(parsing: line.split(separator: UInt8(ascii: " ")).map(unescape)) else { continue }
            byPoint[mount.point] = mount
        }
        mounts = byPoint.values.sorted { $0.point < $1.point }
        self.isOwnNamespace = isOwnNamespace
    }
}

extension MountTable.Mount {
    /// Takes the fields of a line: id, parent, device, root, mount point, options, optional fields up to a dash, type,
    /// source, options of the file system.
    init?(parsing fields: [String]) {
        guard fields.count >= 9, let dash = fields[6...].firstIndex(of: "-"), dash + 2 < fields.count else {
            return nil
        }
        let options = fields[(dash + 3)...].joined(separator: ",").split(separator: ",")
        self.init(
            device: fields[2],
            root: fields[3],
            point: fields[4],
            type: fields[dash + 1],
            source: fields[dash + 2],
            isOnOthers: fields[dash + 1] == "f2fs"
                || options.contains { $0.hasPrefix("rtdev=") || $0.hasPrefix("logdev=") },
            upperDirectory: options.first { $0.hasPrefix("upperdir=") }.map { String($0.dropFirst("upperdir=".count)) }
        )
    }

    /// Whether the file system is on a block device of its own number.
    var hasDevice: Bool { !device.hasPrefix("0:") }
}

/// A field of a table of the kernel's, in which white space and backslashes are written as `\040`.
func unescape(_ field: Substring.UTF8View.SubSequence) -> String {
    var bytes: [UInt8] = []
    var rest = field[...]
    while let byte = rest.popFirst() {
        let digits = rest.prefix(3)
        if byte == UInt8(ascii: "\\"), digits.count == 3,
            let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
        {
            bytes.append(value)
            rest = rest.dropFirst(3)
        } else {
            bytes.append(byte)
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
