import Glibc
import TestSupport

/// The service manager's end of sd_notify(3).
final class NotifySocket {
    let path: String
    private let directory: TemporaryDirectory
    private let socket: CInt

    init() throws {
        directory = try TemporaryDirectory("notify")
        path = directory.file("socket")
        socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let isBound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(socket, $0, length) == 0 }
        }
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        guard isBound, unsafe setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, size) == 0 else {
            throw NotifyError.noSocket(errno)
        }
    }

    deinit { close(socket) }

    /// The next message; nil if none comes for twenty seconds.
    func next() -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = unsafe recv(socket, &buffer, buffer.count, 0)
        return count >= 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
    }
}

enum NotifyError: Error {
    case noSocket(CInt)
}
