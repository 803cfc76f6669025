internal import Files
internal import Glibc

/// Why two processes of this machine do not speak with each other.
package struct LocalSocketError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure it is.
    package enum Code: Sendable, Equatable {
        /// Nobody listens at the path.
        case nobodyListens
        /// This user may not connect there.
        case permissionDenied
        /// Another process listens at the path already.
        case inUse
        /// The path is longer than a socket's may be: 107 bytes.
        case pathTooLong
        /// The other side took longer than it may.
        case timedOut
        /// The other side sent more than it may.
        case tooLong
        /// The descriptor is no connected stream socket of this machine.
        case notAConnection
        /// Another errno.
        case system(Int32)
    }

    /// The kind.
    package let code: Code
    /// The socket, as a person knows it.
    package let path: String

    init(_ code: Code, _ path: String) { (self.code, self.path) = (code, path) }

    /// The error of a system call that has just failed.
    init(errno number: CInt, _ path: String) {
        let code: Code =
            switch number {
            case ENOENT, ENOTDIR, ECONNREFUSED: .nobodyListens
            case EACCES, EPERM: .permissionDenied
            case EADDRINUSE: .inUse
            case EAGAIN: .timedOut
            default: .system(number)
            }
        self.init(code, path)
    }

    /// One sentence, for a person.
    package var description: String {
        switch code {
        case .nobodyListens: "\(path): nobody listens there: is the service running?"
        case .permissionDenied: "\(path): this user may not use it"
        case .inUse: "\(path): another process listens there already"
        case .pathTooLong: "\(path): the path of a socket has 107 bytes at most"
        case .timedOut: "\(path): the other side took too long"
        case .tooLong: "\(path): the other side sent more than it may"
        case .notAConnection: "\(path): is no connected stream socket of this machine"
        case .system(let number): "\(path): \(errorText(number))"
        }
    }
}
