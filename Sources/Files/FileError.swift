internal import Glibc

/// Why a file could not be opened, locked, read or written.
package struct FileError: Error, Equatable, CustomStringConvertible {
    /// What kind of failure it is.
    package enum Code: Equatable, Sendable {
        /// It is a FIFO, a device, a socket, a directory, or a link that is not followed.
        case notRegular
        /// Somebody else held its lock for longer than is waited.
        case locked(Duration)
        /// It is longer than this.
        case tooLong(Int)
        /// What the system says: the `errno`.
        case system(CInt)
    }

    /// The file's path.
    package let path: String
    /// What kind of failure it is.
    package let code: Code

    /// Creates an error about a file.
    package init(_ path: String, _ code: Code) { (self.path, self.code) = (path, code) }

    /// Whether this user may not: the system's word, as opposed to any other failure.
    package var isRefusal: Bool { code == .system(EACCES) || code == .system(EPERM) }
    /// Whether the file is not there.
    package var isAbsence: Bool { code == .system(ENOENT) }

    /// What is wrong, without the path.
    package var sentence: String {
        switch code {
        case .notRegular: "is not a regular file"
        case .locked(let patience): "is locked by another process, for more than \(patience.components.seconds)s"
        case .tooLong(let limit): "is longer than \(limit) bytes"
        case .system(let number): errorText(number)
        }
    }

    /// A sentence that begins with the path.
    package var description: String { "\(path): \(sentence)" }
}
