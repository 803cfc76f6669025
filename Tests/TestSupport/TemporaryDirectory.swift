import Foundation
import Glibc

/// A new, empty directory that is removed with everything in it when the last reference goes.
package final class TemporaryDirectory: Sendable {
    /// The directory's absolute path.
    package let path: String

    /// Makes the directory; `purpose` is part of its name, and `parent` where it is made if not among temporary files.
    package init(_ purpose: String, below parent: String? = nil) throws {
        let parent = parent.map { URL(filePath: $0) } ?? FileManager.default.temporaryDirectory
        let url = parent.appending(path: "\(purpose)-\(UUID().uuidString)")
        // Whatever the umask: what is in it is nobody else's to write.
        let mode = [FileAttributeKey.posixPermissions: 0o700]
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true, attributes: mode)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of `name` in the directory.
    package func file(_ name: String) -> String {
        "\(path)/\(name)"
    }

    /// Writes a file into the directory and returns its path.
    @discardableResult
    package func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
        try Data(bytes).write(to: URL(filePath: file(name)))
        return file(name)
    }
}

/// The contents of a file.
///
/// Foundation leaks memory over an empty file, and reads the first 4 KB only of one in `/proc`.
package func contents(of path: String) throws -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ToolError(description: "\(path): cannot be opened: errno \(errno)") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = unsafe read(descriptor, &buffer, buffer.count)
        guard count >= 0 else { throw ToolError(description: "\(path): cannot be read: errno \(errno)") }
        if count == 0 { return bytes }
        bytes += buffer.prefix(count)
    }
}
