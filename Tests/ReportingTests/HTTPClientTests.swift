import CurlBridge
import TestSupport
import Testing

@Suite("The HTTP client", .timeLimit(.minutes(5)))
struct HTTPClientTests {
    let healthy: LoopbackServer

    init() throws { healthy = try LoopbackServer { _, connection in connection.answer(200, [:], "well") } }

    /// How a request fails; the same client then gets an answer from a server that works.
    func failure(_ url: String, _ options: HTTPClient.Options = .init(timeout: 60)) async throws -> HTTPError {
        let client = HTTPClient(options: options)
        let error = try await #require(throws: HTTPError.self) { try await client.send(HTTPRequest(.get, url)) }
        #expect(try await client.send(HTTPRequest(.get, healthy.url)).body == Array("well".utf8))
        return error
    }

    @Test("says that nothing listens")
    func closedPort() async throws {
        let url = "http://127.0.0.1:\(try TestSupport.closedPort())"
        #expect(try await failure("\(url)/v1/nonce?secret=1").description == "\(url): Couldn't connect to server")
    }

    @Test("says that there is no such name")
    func noName() async throws {
        let error = try await failure("http://user:secret@scorer.invalid/v1/nonce")
        #expect(error.description == "http://scorer.invalid: Couldn't resolve host name")
    }

    @Test("says that the connection ended in the middle of the answer, or before it")
    func cut() async throws {
        let middle = try LoopbackServer { _, connection in
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            connection.close()
        }
        #expect(try await failure(middle.url).text == "Transferred a partial file")
        let before = try LoopbackServer { _, connection in connection.close() }
        #expect(try await failure(before.url).text == "Server returned nothing (no headers, no data)")
        let garbage = try LoopbackServer { _, connection in
            connection.send("SSH-2.0-OpenSSH_9.2\r\n")
            connection.close()
        }
        #expect(try await failure(garbage.url).text == "the answer is not HTTP")
    }

    @Test("stops at its limit in a body of a gigabyte", arguments: ["Content-Length: 1073741824\r\n", ""])
    func endlessBody(header: String) async throws {
        let sent = Collected<Int>()
        let server = try LoopbackServer { _, connection in
            connection.send("HTTP/1.1 200 OK\r\n\(header)\r\n")
            let chunk = [UInt8](repeating: 0x61, count: 64 * 1024)
            while sent.all.count < 16 * 1024, connection.send(chunk) { sent.add(chunk.count) }
            connection.close()
        }
        #expect(try await failure(server.url).text == "the answer is longer than 262144 bytes")
        // What is beyond the limit is what the kernel's buffers hold.
        #expect(sent.all.reduce(0, +) < 32 * 1024 * 1024)
    }

    @Test(
        "stops in headers without end, whatever they are",
        arguments: ["X-#: a\r\n", "X: a\r\n", "\r\nHTTP/1.1 100 Continue\r\n"]
    )
    func endlessHeaders(line: String) async throws {
        let sent = Collected<Int>()
        let server = try LoopbackServer { _, connection in
            connection.send("HTTP/1.1 \(line.contains("100") ? 100 : 200) -\r\n")
            for round in 0..<1000 {
                let lines = (0..<1000).map { line.replacing("#", with: "\(round * 1000 + $0)") }
                guard connection.send(lines.joined()) else { break }
                sent.add(lines.count)
            }
            connection.close()
        }
        let error = try await failure(server.url)
        #expect(error.text == "the answer has more than 128 lines of headers", "\(error)")
        #expect(sent.all.count < 1000)
    }

    @Test("stops in one header without end")
    func endlessHeader() async throws {
        let server = try LoopbackServer { _, connection in
            connection.send("HTTP/1.1 200 OK\r\nX: ")
            while connection.send([UInt8](repeating: 0x61, count: 64 * 1024)) {}
            connection.close()
        }
        #expect(try await failure(server.url).code != 0)
    }

    @Test(
        "refuses a header that could be two",
        arguments: [("X", "a\r\nX-Other: b"), ("X", "a\nb"), ("X", "a\0b"), ("X: a\r\nY", "b"), ("X", "a\rb")]
    )
    func injection(name: String, value: String) async throws {
        let client = HTTPClient()
        let request = HTTPRequest(.post, healthy.url, headers: [(name, value)], body: [1])
        let error = try await #require(throws: HTTPError.self) { try await client.send(request) }
        #expect(error.text.hasSuffix("has a control character in it"))
        #expect(healthy.requests.isEmpty)
        #expect(try await client.send(HTTPRequest(.get, healthy.url)).status == 200)
    }

    @Test("speaks HTTP only", arguments: ["file:///etc/hostname", "ftp://127.0.0.1/", "", "http://127.0.0.1/\r\nX: a"])
    func otherSchemes(url: String) async throws {
        #expect(try await failure(url).code != 0)
    }

    @Test("sends a body as it is, an empty one too", arguments: [0, 1, 2_000_000])
    func body(size: Int) async throws {
        let body = [UInt8](repeating: 7, count: size)
        _ = try await HTTPClient().send(HTTPRequest(.post, healthy.url, body: body))
        let request = try #require(healthy.requests.first)
        #expect(request.method == "POST")
        #expect(request.body == body)
        #expect(request.headers["expect"] == nil)
    }
}
