import Glibc

/// A socket of AF_UNIX that takes datagrams.
package final class LocalSocket {
    /// The socket.
    package let descriptor: CInt

    /// Binds it to a path that is not there yet.
    package init(datagramsAt path: String) throws {
        descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let isBound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { [descriptor] in
                unsafe bind(descriptor, $0, length) == 0
            }
        }
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        guard isBound, unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size) == 0 else {
            throw ToolError(description: "no socket at \(path): errno \(errno)")
        }
    }

    deinit { close(descriptor) }

    /// The next datagram; nil if none comes for a minute.
    package func next() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 262_144)
        let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
        return count >= 0 ? Array(buffer.prefix(count)) : nil
    }
}
