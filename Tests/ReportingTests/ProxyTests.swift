import CurlBridge
import TestSupport
import Testing

@Suite("A proxy", .timeLimit(.minutes(5)))
struct ProxyTests {
    /// What a client says that goes through `proxy`, which asks for a password.
    func complaint(_ proxy: String, _ url: String = "https://scorer.invalid/v1/nonce") async throws -> HTTPError {
        let client = HTTPClient(options: .init(timeout: 60, proxy: proxy))
        let error = try await #require(throws: HTTPError.self) { try await client.send(HTTPRequest(.get, url)) }
        #expect(!"\(error)".contains("secret"))
        #expect(error.origin == "https://scorer.invalid")
        return error
    }

    @Test("is asked for a way to the scorer, and resolves its name")
    func connect() async throws {
        let server = try LoopbackServer { _, connection in
            connection.send("HTTP/1.1 200 -\r\n\r\n")
            connection.close()
        }
        let error = try await complaint("http://user:secret@127.0.0.1:\(server.port)")
        #expect(error.text.contains("SSL"), "\(error)")
        let request = try #require(server.requests.first)
        #expect("\(request.method) \(request.path)" == "CONNECT scorer.invalid:443")
        #expect(request.headers["proxy-authorization"]?.hasPrefix("Basic ") == true)
        // What is for the scorer is not for the proxy.
        #expect(request.headers["cf-access-client-id"] == nil)
    }

    @Test(
        "that refuses is named, with its status",
        arguments: [(407, ": it wants credentials"), (403, ""), (502, ""), (302, "")]
    )
    func refusal(status: Int, advice: String) async throws {
        let server = try LoopbackServer { _, connection in connection.answer(status, ["Location": "http://a.test/"]) }
        let error = try await complaint("http://user:secret@127.0.0.1:\(server.port)")
        #expect(error.text == "the proxy answered \(status)\(advice)")
    }

    @Test("that is not there, has no name, says nothing, or floods, is an error without its password")
    func broken() async throws {
        let secret = "http://user:secret@"
        #expect(try await complaint("\(secret)127.0.0.1:\(try closedPort())").text == "Couldn't connect to server")
        #expect(try await complaint("\(secret)proxy.invalid:3128").text == "Couldn't resolve proxy name")
        #expect(try await complaint("nonsense://user:secret@127.0.0.1").code != 0)
        #expect(try await complaint("\(secret)127.0.0.1:99999").code != 0)
        let silent = try LoopbackServer { _, connection in connection.waitForEnd(seconds: 50) }
        let client = HTTPClient(options: .init(connectTimeout: 5, proxy: silent.url))
        let request = HTTPRequest(.get, "https://scorer.invalid")
        let error = try await #require(throws: HTTPError.self) { try await client.send(request) }
        #expect(error.text == "the proxy does not answer within 5 seconds")
        let flood = try LoopbackServer { _, connection in
            connection.send("HTTP/1.1 200 OK\r\n")
            while connection.send(String(repeating: "X: a\r\n", count: 1000)) {}
        }
        let text = try await complaint("\(secret)127.0.0.1:\(flood.port)").text
        #expect(text == "the answer has more than 128 lines of headers")
    }

    @Test("is given a request that is not secret whole, and is not asked where there is to be none")
    func plain() async throws {
        let server = try LoopbackServer { _, connection in connection.answer(200) }
        let client = HTTPClient(options: .init(proxy: server.url))
        #expect(try await client.send(HTTPRequest(.get, "http://scorer.invalid/v1/nonce")).status == 200)
        #expect(server.lines == ["GET http://scorer.invalid/v1/nonce"])
        let direct = HTTPClient(options: .init(proxy: ""))
        let error = try await #require(throws: HTTPError.self) {
            try await direct.send(HTTPRequest(.get, "http://scorer.invalid/v1/nonce"))
        }
        #expect(error.text == "Couldn't resolve host name")
    }
}
