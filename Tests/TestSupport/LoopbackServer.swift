import Foundation
import Glibc
import Synchronization

/// An HTTP/1.1 server on a real loopback socket that does exactly what a test tells it to, however wrong.
///
///     let server = try LoopbackServer { request, connection in
///         connection.answer(503)
///     }
///
/// The handler runs once for each request, on the connection's own thread; `connection` may be written to as it is,
/// left open, or closed. Everything ends with the last reference to the server.
package final class LoopbackServer: Sendable {
    /// A request as it came in.
    package struct Request: Sendable {
        /// The method.
        package let method: String
        /// The path with its query.
        package let path: String
        /// The headers by lower-case name.
        package let headers: [String: String]
        /// The body.
        package let body: [UInt8]
    }

    /// What handles a request.
    package typealias Handler = @Sendable (_ request: Request, _ connection: LoopbackConnection) -> Void

    /// The port on 127.0.0.1.
    package let port: UInt16
    private let listener: CInt
    private let log: Log

    /// Starts a server on a free port.
    package init(_ handler: @escaping Handler) throws {
        (listener, port) = try loopbackListener()
        let (listener, log) = (listener, Log())
        self.log = log
        Thread.detachNewThread {
            while case let socket = accept(listener, nil, nil), socket >= 0 {
                _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
                let connection = LoopbackConnection(socket)
                log.add(connection)
                Thread.detachNewThread {
                    while let request = connection.readRequest() {
                        log.add(request)
                        handler(request, connection)
                    }
                    connection.close()
                }
            }
            close(listener)
        }
    }

    deinit {
        // Wakes the thread in accept(2), which then closes the socket.
        shutdown(listener, CInt(SHUT_RDWR))
        log.connections.forEach { $0.close() }
    }

    /// The server's URL, without a slash at its end.
    package var url: String { "http://127.0.0.1:\(port)" }

    /// What was asked so far, such as `GET /v1/nonce`.
    package var lines: [String] { requests.map { "\($0.method) \($0.path)" } }

    /// The requests so far.
    package var requests: [Request] { log.requests }
}

/// A port of 127.0.0.1 that nothing listens on: it was free a moment ago.
package func closedPort() throws -> UInt16 {
    let (listener, port) = try loopbackListener()
    close(listener)
    return port
}

private func loopbackListener() throws -> (socket: CInt, port: UInt16) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = unsafe withUnsafeMutablePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
            unsafe bind(listener, address, length) == 0 && listen(listener, 64) == 0
                && getsockname(listener, address, &length) == 0
        }
    }
    guard isListening else { throw ToolError(description: "no listening socket: errno \(errno)") }
    return (listener, UInt16(bigEndian: address.sin_port))
}

private final class Log: Sendable {
    private let state = Mutex<([LoopbackServer.Request], [LoopbackConnection])>(([], []))

    var requests: [LoopbackServer.Request] { state.withLock { $0.0 } }
    var connections: [LoopbackConnection] { state.withLock { $0.1 } }

    func add(_ request: LoopbackServer.Request) { state.withLock { $0.0.append(request) } }
    func add(_ connection: LoopbackConnection) { state.withLock { $0.1.append(connection) } }
}
