import CurlBridge
import Glibc
import TestSupport
import Testing

@Suite("A server that takes its time", .timeLimit(.minutes(5)))
struct SlowServerTests {
    /// What the client says of a server within these bounds; it then gets an answer from one that works.
    func complaint(_ url: String, _ options: HTTPClient.Options) async throws -> String {
        let client = HTTPClient(options: options)
        let start = ContinuousClock.now
        let error = try await #require(throws: HTTPError.self) { try await client.send(HTTPRequest(.get, url)) }
        // The servers would take 150 seconds and more; other tests may keep this one from going on at once.
        #expect(start.duration(to: .now) < .seconds(120))
        let healthy = try LoopbackServer { _, connection in connection.answer(200) }
        // On a busy machine a good server may be late too.
        for _ in 0..<20 {
            if let answer = try? await client.send(HTTPRequest(.get, healthy.url)) {
                #expect(answer.status == 200)
                return error.text
            }
        }
        Issue.record("the client has no answer from a server that works")
        return error.text
    }

    @Test("is left when the time is over: one that sends a byte a minute, one that says nothing", arguments: ["H", ""])
    func silent(byte: String) async throws {
        let server = try LoopbackServer { _, connection in
            connection.send(byte)
            connection.waitForEnd(seconds: 150)
            connection.close()
        }
        let text = try await complaint(server.url, .init(timeout: 5))
        #expect(text == "the answer is not there within 5 seconds")
    }

    @Test("is left when it all but stands still, before the time is over")
    func stalled() async throws {
        let server = try LoopbackServer { _, connection in
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
            while connection.send("a") { usleep(250_000) }
        }
        let text = try await complaint(server.url, .init(stallTimeout: 2, timeout: 150))
        #expect(text == "fewer than 16 bytes a second for 2 seconds")
    }

    @Test("is left when the time is over, however busy it is")
    func busy() async throws {
        let server = try LoopbackServer { _, connection in
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
            while connection.send(String(repeating: "a", count: 100)) { usleep(50_000) }
        }
        let text = try await complaint(server.url, .init(stallTimeout: 60, timeout: 4))
        #expect(text == "the answer is not there within 4 seconds")
    }

    @Test("is left where it never takes the connection")
    func notAccepted() async throws {
        let listener = try FullListener()
        let text = try await complaint("http://127.0.0.1:\(listener.port)", .init(connectTimeout: 1))
        #expect(text == "there is no connection within 1 seconds")
    }

    @Test("is left where it takes the connection, and no TLS")
    func noTLS() async throws {
        let listener = try FullListener(fill: false)
        let text = try await complaint("https://127.0.0.1:\(listener.port)", .init(connectTimeout: 5))
        #expect(text == "TLS does not begin within 5 seconds")
    }

    @Test("is left over a connection that was good before")
    func reused() async throws {
        let server = try LoopbackServer { request, connection in
            if request.path == "/good" { return connection.answer(200) }
            connection.waitForEnd(seconds: 150)
        }
        let client = HTTPClient(options: .init(timeout: 10))
        #expect(try await client.send(HTTPRequest(.get, server.url + "/good")).status == 200)
        let error = try await #require(throws: HTTPError.self) { try await client.send(HTTPRequest(.get, server.url)) }
        #expect(error.text == "the answer is not there within 10 seconds")
    }
}

/// A socket that listens on loopback, and accepts nothing.
final class FullListener {
    let port: UInt16
    private var sockets: [CInt] = []

    /// Creates one; if `fill`, the kernel has no room for a further connection either.
    init(fill: Bool = true) throws {
        let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        sockets = [listener]
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        var bound = address
        var boundLength = length
        let isBound = unsafe Self.with(&address) { unsafe bind(listener, $0, length) } == 0
        let isNamed = isBound && listen(listener, fill ? 0 : 16) == 0
        let hasPort = unsafe Self.with(&bound) { unsafe getsockname(listener, $0, &boundLength) } == 0
        guard isNamed, hasPort else { throw NoListener(number: errno) }
        port = UInt16(bigEndian: bound.sin_port)
        guard fill else { return }
        for _ in 0..<8 {
            let client = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0)
            sockets.append(client)
            _ = unsafe Self.with(&bound) { unsafe connect(client, $0, length) }
        }
    }

    deinit { sockets.forEach { _ = close($0) } }

    private static func with(
        _ address: inout sockaddr_in,
        _ body: (UnsafeMutablePointer<sockaddr>) -> CInt
    ) -> CInt {
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0) }
        }
    }
}

struct NoListener: Error {
    let number: CInt
}
