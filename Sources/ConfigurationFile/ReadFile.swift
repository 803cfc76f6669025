internal import Files
internal import Glibc

/// The bytes of a regular file of at most `limit` bytes.
///
/// A FIFO in its place is an error and not a hang. Links are followed, unless the file is the service's own: one in its
/// state directory.
package func readFile(_ path: String, limit: Int = 1024 * 1024, isOwn: Bool = false) throws(ConfigurationError)
    -> [UInt8]
{
    do throws(FileError) { return try RegularFile(path, followingLinks: !isOwn).read(limit: limit) } catch {
        if error.isAbsence, let reason = hiding(of: path) { throw ConfigurationError(path, reason) }
        throw ConfigurationError(error)
    }
}

/// The names in a directory, in order; none where there is no directory.
func directoryEntries(of path: String) throws(ConfigurationError) -> [String] {
    guard let directory = unsafe opendir(path) else {
        if errno == ENOENT { return [] }
        throw ConfigurationError(FileError(path, .system(errno)))
    }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
        unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
            unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { names.append(unsafe String(cString: $0)) }
        }
        guard names.count <= 1024 else { throw ConfigurationError(path, "has more than 1024 entries") }
    }
    return names.sorted()
}
