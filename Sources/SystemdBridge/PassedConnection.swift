internal import CLinuxShims
internal import CSystemd
internal import Glibc

extension ServiceManager {
    /// The connection that the service manager accepted and started this process for, by a socket unit with
    /// `Accept=yes`; the caller closes it.
    ///
    /// Call it first of all, and once: it takes `LISTEN_FDS` and its like out of the environment, so that no child
    /// takes them for its own, and that is for a process with one thread.
    ///
    /// - Throws: ``ConnectionError`` unless this is exactly one connected stream socket of AF_UNIX
    /// - Source: sd_listen_fds(3), sd_is_socket(3)
    package static func acceptedConnection() throws(ConnectionError) -> CInt {
        let count = sd_listen_fds(1)
        guard count >= 0 else { throw .system("sd_listen_fds", -count) }
        guard count == 1 else { throw .wrongCount(Int(count)) }
        let descriptor = CInt(SD_LISTEN_FDS_START)
        try requireConnection(descriptor)
        return descriptor
    }

    static func requireConnection(_ descriptor: CInt) throws(ConnectionError) {
        // The third argument: a socket that listens is not a connection.
        let verdict = sd_is_socket_unix(descriptor, CInt(SOCK_STREAM.rawValue), 0, nil, 0)
        guard verdict >= 0 else { throw .system("sd_is_socket_unix", -verdict) }
        guard verdict > 0 else { throw .wrongKind }
    }
}

/// Why a process cannot answer the one who asks.
package enum ConnectionError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The manager passed so many sockets; 0 for a process that it did not start for a connection.
    case wrongCount(Int)
    /// What was passed is no connected stream socket of AF_UNIX.
    case wrongKind
    /// The call failed with this errno.
    case system(String, CInt)

    /// A sentence.
    package var description: String {
        switch self {
        case .wrongCount(0): "no socket was passed: this is started by postured-collector.socket"
        case .wrongCount(let count): "\(count) sockets were passed, and not the one of a connection"
        case .wrongKind: "what was passed is no connection through a local stream socket"
        case .system(let call, let number):
            "\(call): \(unsafe CLinuxShims_error_description(number).map { unsafe String(cString: $0) } ?? "errno \(number)")"
        }
    }
}
