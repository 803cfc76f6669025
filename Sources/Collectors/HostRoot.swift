import CLinuxShims
import Glibc
import PostureModel

/// The file system that collectors read: this machine's `/`, or a fixture tree in tests.
///
/// Symbolic links cannot leave the root, so that a fixture never reads the machine that runs the tests.
///
/// - Source: any path below the root
/// - SeeAlso: <https://man7.org/linux/man-pages/man2/openat2.2.html>
package struct HostRoot: ~Copyable, Sendable {
    private let descriptor: CInt
    /// Paths that answer as if their mode forbade reading; empty outside of tests.
    private let denied: Set<String>

    /// Opens the directory `path` as a root.
    package init(at path: String = "/") throws(HostReadError) {
        try self.init(at: path, denying: [])
    }

    /// Opens the directory `path` as a root in which `denied` may not be read.
    ///
    /// Tests run as root, whom no mode stops, and git keeps no modes. What is denied here is there and cannot be
    /// read, and nothing below it can be reached: what a mode of 000 does to everybody else.
    package init(at path: String, denying denied: Set<String>) throws(HostReadError) {
        let descriptor = unsafe CLinuxShims_open_root(path)
        guard descriptor >= 0 else { throw HostReadError(path: path, code: -descriptor) }
        self.descriptor = descriptor
        self.denied = denied
    }

    deinit { close(descriptor) }

    /// The contents of the regular file `path`, refusing one longer than `limit` with `EFBIG`.
    ///
    /// Pseudo file systems misreport a file's size, so this reads to the end and asks nobody for it. Whatever is
    /// not a regular file is refused with `ENXIO`, and a FIFO is not waited for.
    package borrowing func bytes(at path: String, limit: Int = 64 * 1024) throws(HostReadError) -> [UInt8] {
        try reach(path, reading: true)
        let file = unsafe CLinuxShims_open_in_root(descriptor, path)
        guard file >= 0 else { throw HostReadError(path: path, code: -file) }
        defer { close(file) }
        // One byte more than allowed tells a file of exactly that length from a longer one.
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        let count = unsafe CLinuxShims_read_to_end(file, &bytes, bytes.count)
        guard count >= 0 else { throw HostReadError(path: path, code: CInt(-count)) }
        guard count <= limit else { throw HostReadError(path: path, code: EFBIG) }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    /// The text of the regular file `path` without white space around it; what is not UTF-8 becomes U+FFFD.
    package borrowing func text(at path: String, limit: Int = 64 * 1024) throws(HostReadError) -> String {
        String(decoding: try bytes(at: path, limit: limit), as: UTF8.self).trimmed()
    }

    /// Whether `path` is there; throws if that cannot be told.
    package borrowing func contains(_ path: String) throws(HostReadError) -> Bool {
        try reach(path, reading: false)
        let result = unsafe CLinuxShims_exists_in_root(descriptor, path)
        if result >= 0 { return true }
        let error = HostReadError(path: path, code: -result)
        if error.isAbsence { return false }
        throw error
    }

    /// Where the symbolic link `path` leads, as a path below the root, or nil for what is no link; nothing need be there.
    ///
    /// Only the last component is followed, and only once.
    package borrowing func target(of path: String) throws(HostReadError) -> String? {
        try reach(path, reading: false)
        var text = [UInt8](repeating: 0, count: 4096)
        let count = unsafe CLinuxShims_link_in_root(descriptor, path, &text, text.count)
        if count == -Int(EINVAL) { return nil }
        guard count >= 0 else { throw HostReadError(path: path, code: CInt(-count)) }
        let link = String(decoding: text.prefix(count), as: UTF8.self)
        var components = link.hasPrefix("/") ? [] : path.split(separator: "/").dropLast()
        for component in link.split(separator: "/") where component != "." {
            if component != ".." { components.append(component) } else { _ = components.popLast() }
        }
        return components.joined(separator: "/")
    }

    /// When `path` was last modified, in seconds since the epoch.
    borrowing func modified(_ path: String) throws(HostReadError) -> Int64 {
        try reach(path, reading: false)
        var seconds: Int64 = 0
        let result = unsafe CLinuxShims_modified_in_root(descriptor, path, &seconds)
        guard result >= 0 else { throw HostReadError(path: path, code: -result) }
        return seconds
    }

    /// The names in the directory `path`, in order; refusing one whose names take more than 64 KiB with `EFBIG`.
    package borrowing func entries(of path: String) throws(HostReadError) -> [String] {
        try reach(path, reading: true)
        var names = [UInt8](repeating: 0, count: 64 * 1024)
        let count = unsafe CLinuxShims_entries_in_root(descriptor, path, &names, names.count)
        guard count >= 0 else { throw HostReadError(path: path, code: CInt(-count)) }
        return names.prefix(count).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }.sorted()
    }

    /// Throws what stops `path` before the kernel is asked.
    private borrowing func reach(_ path: String, reading: Bool) throws(HostReadError) {
        // C would read up to the NUL, and that would be another file.
        if path.utf8.contains(0) { throw HostReadError(path: path, code: EINVAL) }
        if denied.isEmpty { return }
        let components = path.split(separator: "/")
        // A path that is only asked for needs its parents alone.
        for length in stride(from: 1, through: reading ? components.count : components.count - 1, by: 1)
        where denied.contains(components.prefix(length).joined(separator: "/")) {
            throw HostReadError(path: path, code: EACCES)
        }
    }
}
