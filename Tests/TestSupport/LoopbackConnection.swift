import Glibc
import Synchronization

/// One connection to a ``LoopbackServer``.
package final class LoopbackConnection: Sendable {
    private let socket: CInt
    private let isOpen = Mutex(true)

    init(_ socket: CInt) { self.socket = socket }

    deinit { Glibc.close(socket) }

    /// Ends the connection: the other side sees it at once.
    package func close() {
        isOpen.withLock { isOpen in
            if isOpen { shutdown(socket, CInt(SHUT_RDWR)) }
            isOpen = false
        }
    }

    /// Writes bytes as they are; false once the other side is gone.
    @discardableResult
    package func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes[sent...].withUnsafeBytes { rest in
                unsafe Glibc.send(socket, rest.baseAddress, rest.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Writes text as it is; false once the other side is gone.
    @discardableResult
    package func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Answers a request as HTTP wants it.
    package func answer(_ status: Int, _ headers: [String: String] = [:], _ body: String = "") {
        let lines = headers.map { "\($0): \($1)\r\n" }.joined()
        send("HTTP/1.1 \(status) -\r\n\(lines)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    /// Waits until the other side ends the connection, for at most so many seconds: how a server hangs.
    package func waitForEnd(seconds: Int) {
        // POLLRDHUP, which is not imported.
        var state = pollfd(fd: socket, events: 0x2000, revents: 0)
        unsafe poll(&state, 1, CInt(seconds * 1000))
    }

    /// The next request; nil at the connection's end.
    func readRequest() -> LoopbackServer.Request? {
        var bytes: [UInt8] = []
        while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            guard let more = read(1) else { return nil }
            bytes += more
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count == 3 else { return nil }
        let headers = lines.dropFirst().compactMap { line in
            line.firstIndex(of: ":").map { (line[..<$0].lowercased(), String(line[$0...].dropFirst(2))) }
        }
        let fields = Dictionary(headers) { $1 }
        var body: [UInt8] = []
        let length = fields["content-length"].flatMap { Int($0) } ?? 0
        while body.count < length {
            guard let more = read(length - body.count) else { return nil }
            body += more
        }
        return .init(method: String(words[0]), path: String(words[1]), headers: fields, body: body)
    }

    private func read(_ count: Int) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: count)
        let received = unsafe recv(socket, &buffer, count, 0)
        return received > 0 ? Array(buffer.prefix(received)) : nil
    }
}
