internal import FileRights
internal import Glibc

/// The bytes of a regular file of at most `limit` bytes.
///
/// Opened without blocking, so that a FIFO in its place is an error and not a hang.
public func readFile(_ path: String, limit: Int = 1024 * 1024) throws(ConfigurationError) -> [UInt8] {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard file >= 0 else {
        let number = errno
        if number == ENOENT, let reason = hiding(of: path) { throw ConfigurationError(path, reason) }
        throw ConfigurationError(path, systemText(number), isAbsence: number == ENOENT)
    }
    defer { close(file) }
    var status = stat()
    guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        throw ConfigurationError(path, "is not a regular file")
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    while true {
        let count = unsafe read(file, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw ConfigurationError(path, systemText(errno)) }
        if count == 0 { return bytes }
        bytes += buffer.prefix(count)
        guard bytes.count <= limit else { throw ConfigurationError(path, "is longer than \(limit) bytes") }
    }
}

/// The system's words for an errno value.
func systemText(_ code: CInt) -> String {
    unsafe String(cString: strerror(code))
}

/// The names in a directory, in order; none where there is no directory.
func directoryEntries(of path: String) throws(ConfigurationError) -> [String] {
    guard let directory = unsafe opendir(path) else {
        if errno == ENOENT { return [] }
        throw ConfigurationError(path, systemText(errno))
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
