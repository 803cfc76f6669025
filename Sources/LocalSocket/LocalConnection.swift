internal import Blocking
internal import CLinuxShims
internal import Glibc

/// One end of a connected stream socket of this machine, for one request and one answer.
///
/// Each side sends what it has to say and shuts down its half; the end of the stream is the end of the message.
///
/// - SeeAlso: <https://man7.org/linux/man-pages/man7/unix.7.html>
package struct LocalConnection: ~Copyable, Sendable {
    /// Who is at the other end, as the kernel says (`SO_PEERCRED`): when it connected, not now.
    package struct Peer: Sendable, Hashable {
        /// The process; 0 where it is in another PID namespace.
        package let process: Int32
        /// The effective user id.
        package let user: UInt32

        /// Describes a peer.
        package init(process: Int32, user: UInt32) { (self.process, self.user) = (process, user) }
    }

    private let descriptor: CInt
    private let path: String
    /// Who is at the other end.
    package let peer: Peer

    /// Connects to the process that listens at `path`; waits for five seconds at most where too many others do the same.
    package init(to path: String) throws(LocalSocketError) {
        let descriptor = try Self.open(path)
        var patience = timeval(tv_sec: 5, tv_usec: 0)
        _ = unsafe setsockopt(
            descriptor,
            SOL_SOCKET,
            SO_SNDTIMEO,
            &patience,
            socklen_t(MemoryLayout<timeval>.size)
        )
        guard unsafe try withAddress(path, { unsafe connect(descriptor, $0, $1) }) == 0 else {
            let error = LocalSocketError(errno: errno, path)
            close(descriptor)
            throw error
        }
        try self.init(adopting: descriptor, path: path)
    }

    /// Takes over a descriptor that is connected already, and closes it in the end.
    ///
    /// - Throws: ``LocalSocketError/Code/notAConnection`` where it is anything else; then it is closed at once.
    package init(adopting descriptor: CInt, path: String) throws(LocalSocketError) {
        var (process, user, group): (Int32, UInt32, UInt32) = (0, 0, 0)
        let (kind, domain) = (Self.option(SO_TYPE, of: descriptor), Self.option(SO_DOMAIN, of: descriptor))
        // The user -1 is the kernel's answer for a socket that nobody connected to.
        guard kind == CInt(SOCK_STREAM.rawValue), domain == AF_UNIX,
            unsafe CLinuxShims_peer(descriptor, &process, &user, &group) == 0, user != .max
        else {
            close(descriptor)
            throw LocalSocketError(.notAConnection, path)
        }
        self.descriptor = descriptor
        self.path = path
        peer = Peer(process: process, user: user)
    }

    deinit { close(descriptor) }

    /// Sends a whole message and shuts down this half.
    ///
    /// Blocks for `patience` at most.
    package borrowing func send(_ bytes: [UInt8], within patience: Duration) throws(LocalSocketError) {
        let deadline = ContinuousClock.now + patience
        var sent = 0
        while sent < bytes.count {
            try wait(for: POLLOUT, until: deadline)
            let flags = CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL)
            let count = unsafe bytes[sent...].withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, flags)
            }
            if count > 0 { sent += count } else if count < 0 { try Self.passOver(errno, path) }
        }
        guard shutdown(descriptor, CInt(SHUT_WR)) == 0 else { throw LocalSocketError(errno: errno, path) }
    }

    /// Receives a whole message, of `limit` bytes at most.
    ///
    /// Blocks for `patience` at most.
    package borrowing func receive(limit: Int, within patience: Duration) throws(LocalSocketError) -> [UInt8] {
        let deadline = ContinuousClock.now + patience
        var message: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            try wait(for: POLLIN, until: deadline)
            let count = unsafe recv(descriptor, &buffer, buffer.count, CInt(MSG_DONTWAIT))
            if count == 0 { return message }
            if count < 0 {
                try Self.passOver(errno, path)
                continue
            }
            guard message.count + count <= limit else { throw LocalSocketError(.tooLong, path) }
            message += buffer[..<count]
        }
    }

    private borrowing func wait(for events: CInt, until deadline: ContinuousClock.Instant) throws(LocalSocketError) {
        let left = ContinuousClock.now.duration(to: deadline).components
        let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000
        guard milliseconds > 0 else { throw LocalSocketError(.timedOut, path) }
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        // An interrupted call comes back here, with less time left.
        _ = unsafe poll(&entry, 1, CInt(clamping: milliseconds))
    }

    /// Throws unless the call may be repeated.
    private static func passOver(_ number: CInt, _ path: String) throws(LocalSocketError) {
        guard number == EAGAIN || number == EINTR else { throw LocalSocketError(errno: number, path) }
    }

    private static func option(_ name: CInt, of descriptor: CInt) -> CInt? {
        var value: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        return unsafe getsockopt(descriptor, SOL_SOCKET, name, &value, &length) == 0 ? value : nil
    }

    static func open(_ path: String) throws(LocalSocketError) -> CInt {
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw LocalSocketError(errno: errno, path) }
        return descriptor
    }
}

/// Calls `body` with the address of a path, in the form of unix(7).
func withAddress(
    _ path: String,
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt
) throws(LocalSocketError) -> CInt {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard !bytes.contains(0), bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
        throw LocalSocketError(.pathTooLong, path)
    }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    return unsafe withUnsafePointer(to: &address) { address in
        unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
}

/// Sends `request` to the process that listens at `path` and returns the answer, off the cooperative pool.
///
/// The answer has `limit` bytes at most, and is waited for as long as `patience`; it is empty where the other side closes
/// without one.
///
/// - Throws: ``LocalSocketError``.
package func ask(
    at path: String,
    _ request: [UInt8],
    limit: Int,
    within patience: Duration
) async throws -> [UInt8] {
    // A thread for each: an answer may take as long as a report does.
    try await BlockingQueue(label: "postured.ask").run {
        let connection = try LocalConnection(to: path)
        do throws(LocalSocketError) {
            try connection.send(request, within: .seconds(5))
            return try connection.receive(limit: limit, within: patience)
        } catch {
            // Closed upon before the request was read: that is no answer, as an empty one is.
            guard error.code == .system(EPIPE) || error.code == .system(ECONNRESET) else { throw error }
            return []
        }
    }
}
