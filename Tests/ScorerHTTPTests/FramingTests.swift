import CurlBridge
import TestSupport
import Testing

@testable import ScorerHTTP
@testable import Scoring

/// RFC 9112, byte by byte.
@Suite("A connection", .timeLimit(.minutes(10)))
struct FramingTests {
    static let get = "GET /healthz HTTP/1.1\r\nHost: a\r\n"
    static let post = "POST /v1/reports HTTP/1.1\r\nHost: a\r\n"
    static let last = "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

    @Test("whose request breaks the rules has one answer, 400, and ends")
    func malformed() async throws {
        let requests = [
            "GET /healthz HTTP/1.1\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
            "GET /healthz HTTP/1.0\r\nHost: a\r\nhOST: b\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost:\r\n\r\n",
            "GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost: a, b\r\n\r\n",
            "GET /healthz HTTP/1.1\r\nHost: http://a/\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost: u@a\r\n\r\n",
            "GET /healthz HTTP/1.1\r\nHost: a:b\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost: a:65536\r\n\r\n",
            "GET /healthz HTTP/1.1\r\nHost: [::1\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost: \u{e9}\r\n\r\n",
            "GET http:///healthz HTTP/1.1\r\nHost: a\r\n\r\n", "GET http://u@a/healthz HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET http://a/healthz HTTP/1.1\r\n\r\n", "GET healthz HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET * HTTP/1.1\r\nHost: a\r\n\r\n", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET ftp://a/healthz HTTP/1.1\r\nHost: a\r\n\r\n",
            "\(Self.post)Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "\(Self.post)Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
            "\(Self.post)Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            "\(Self.post)Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "\(Self.post)Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
            "\(Self.post)Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
            "\(Self.post)Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}",
            "POST /v1/reports HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "\(Self.post)Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
            "\(Self.post)Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
            "\(Self.post)Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
            "\(Self.post)Content-Length: 2, 2\r\n\r\n{}",
            "\(Self.post)Content-Length: -1\r\n\r\n", "\(Self.post)Content-Length: +2\r\n\r\n{}",
            "\(Self.post)Content-Length: 0x2\r\n\r\n{}", "\(Self.post)Content-Length: 99999999999999999999\r\n\r\n",
            "\(Self.post)Transfer-Encoding: chunked\r\n\r\nx\r\n",
            "\(Self.post)Transfer-Encoding: chunked\r\n\r\n-1\r\n",
            "\(Self.post)Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n",
            "\(Self.post)Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
            "\(Self.post)Transfer-Encoding: chunked\r\n\r\n2\r\n{}x\r\n0\r\n\r\n",
            "\(Self.post)Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n",
            "\(Self.get)X: a\r\n b\r\n\r\n", "\(Self.get) X: a\r\n\r\n", "\(Self.get)X : a\r\n\r\n",
            "\(Self.get): a\r\n\r\n",
            "\(Self.get)X\r\n\r\n", "\(Self.get)X(: a\r\n\r\n", "\(Self.get)X: a\rY: b\r\n\r\n",
            "\(Self.get)X: a\0\r\n\r\n",
            "\(Self.get)X: a\u{1}\r\n\r\n", "GET /healthz HTTP/2.0\r\nHost: a\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "GET /healthz HTTP/1.2\r\nHost: a\r\n\r\n", "GET /healthz\r\n\r\n",
            "GET /healthz HTTQ/1.1\r\nHost: a\r\n\r\n",
            "GET /he\u{1}althz HTTP/1.1\r\nHost: a\r\n\r\n", "G\u{e9}T /healthz HTTP/1.1\r\nHost: a\r\n\r\n", "\0",
            "\u{16}\u{3}\u{1}",
        ]
        try await ScorerHarness.run { scorer in
            for url in [scorer.agents, scorer.operators] {
                for request in requests {
                    // What follows is no second request, whatever the first was.
                    let answer = try await scorer.raw(url, request + Self.last)
                    #expect(answer.statuses == [400] && answer.isClosed, "\(request.debugDescription): \(answer.text)")
                    #expect(
                        answer.isProblem("malformed") && answer.has("Connection: close"),
                        "\(request.debugDescription)"
                    )
                }
            }
        }
    }

    @Test(
        "takes every form of Host and target that there is",
        arguments: [
            "GET /healthz HTTP/1.1\r\nHost: a", "GET /healthz HTTP/1.1\r\nHost: A-b_c.example.:8080",
            "GET /healthz HTTP/1.1\r\nhost:\t192.0.2.1:80 ", "GET /healthz HTTP/1.1\r\nHost: [2001:db8::1]:443",
            "GET /healthz HTTP/1.1\r\nHost: [::ffff:192.0.2.1]", "GET /healthz HTTP/1.1\r\nHost: a:",
            "GET http://a/healthz HTTP/1.1\r\nHost: b", "GET HTTPS://a:1/healthz HTTP/1.1\r\nHost: a",
            "\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a", "GET /healthz HTTP/1.0\r\nX: y",
            "GET /healthz HTTP/1.0\r\nHost: a",
        ]
    )
    func goodHosts(request: String) async throws {
        try await ScorerHarness.run { scorer in
            let answer = try await scorer.raw(scorer.agents, "\(request)\r\nConnection: close\r\n\r\n")
            #expect(answer.statuses == [204] && answer.isClosed, "\(answer.text)")
        }
    }

    @Test("of HTTP/1.0 ends with the answer, which says so", arguments: ["", "Connection: keep-alive\r\n"])
    func oldVersion(header: String) async throws {
        try await ScorerHarness.run { scorer in
            for path in ["/healthz", "/nothing", "/v1/nonce"] {
                let answer = try await scorer.raw(scorer.agents, "GET \(path) HTTP/1.0\r\n\(header)\r\n\(Self.last)")
                #expect(
                    answer.statuses.count == 1 && answer.isClosed && answer.has("Connection: close"),
                    "\(answer.text)"
                )
            }
        }
    }

    @Test(
        "ends with the answer to a request that says so, however it is written",
        arguments: [
            "close", "Close", "keep-alive, close", "close, keep-alive", "upgrade\r\nUpgrade: h2c",
        ]
    )
    func closes(value: String) async throws {
        try await ScorerHarness.run { scorer in
            let answer = try await scorer.raw(scorer.agents, "\(Self.get)Connection: \(value)\r\n\r\n", Self.last)
            #expect(answer.statuses == [204] && answer.isClosed && answer.has("Connection: close"), "\(answer.text)")
        }
    }

    @Test("answers requests that are sent at once, in their order, and what is none at the end")
    func pipelined() async throws {
        try await ScorerHarness.run { scorer in
            let missing = "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n"
            let body = "\(Self.post)Content-Length: 2\r\n\r\n{}"
            let three = try await scorer.raw(
                scorer.agents,
                "\(Self.get)\r\n\(missing)\(body)\(missing)\(Self.last)\(missing)"
            )
            #expect(three.statuses == [204, 404, 400, 404, 204] && three.isClosed, "\(three.text)")
            for garbage in [
                "\0", "garbage\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n",
            ] {
                let answer = try await scorer.raw(scorer.agents, "\(Self.get)\r\n\(body)\(garbage)")
                #expect(
                    answer.statuses == [204, 400, 400] && answer.isClosed,
                    "\(garbage.debugDescription): \(answer.text)"
                )
                let later = try await scorer.raw(scorer.agents, "\(Self.get)\r\n", garbage)
                #expect(later.statuses == [204, 400] && later.isClosed, "\(garbage.debugDescription): \(later.text)")
            }
            let many = String(repeating: "\(Self.get)X: \(String(repeating: "a", count: 900))\r\n\r\n", count: 50)
            let last = try await scorer.raw(scorer.agents, "\(many)\(Self.last)")
            #expect(last.statuses == [Int](repeating: 204, count: 51) && last.isClosed)
            // Of what is not read before the client has said that no more comes, a part is enough.
            let halfClosed = try await scorer.raw(scorer.agents, many, thenCloses: true)
            #expect(halfClosed.isClosed && !halfClosed.statuses.isEmpty && halfClosed.statuses.allSatisfy { $0 == 204 })
            let unfinished = try await scorer.raw(scorer.agents, "\(Self.get)\r\nGET /hea", thenCloses: true)
            #expect(unfinished.statuses == [204, 400] && unfinished.isClosed, "\(unfinished.text)")
        }
    }

    @Test("with many requests in one read is answered a few of them, and ends: others have their turn")
    func manyAtOnce() async throws {
        try await ScorerHarness.run { scorer in
            let many = String(repeating: "\(Self.get)\r\n", count: 150)
            for closes in [false, true] {
                let answer = try await scorer.raw(scorer.agents, many, thenCloses: closes)
                #expect(answer.statuses == [Int](repeating: 204, count: ConnectionHandler.pipelineLimit))
                #expect(answer.isClosed && answer.has("Connection: close"))
            }
        }
    }

    @Test("does not take the body of a refused request for a request")
    func smuggled() async throws {
        try await ScorerHarness.run { scorer in
            let length = Self.last.utf8.count
            for request in [
                "POST /v1/cloudflare/posture HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n",
                "POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n",
                "\(Self.post)Content-Length: 70000\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nContent-Length: \(length)\r\n\r\n",
            ] {
                for parts in [["\(request)\(Self.last)"], [request, Self.last]] {
                    let rest = parts.count > 1 ? parts[1] : ""
                    let answer = try await scorer.raw(scorer.agents, parts[0], rest, thenCloses: true)
                    // The body may be there in time, and the connection be for another request.
                    #expect(answer.statuses.count == 1, "\(request): \(answer.text)")
                }
            }
        }
    }

    @Test("is told to go on with a body that it asks about")
    func expectation() async throws {
        try await ScorerHarness.run { scorer in
            let head = "\(Self.post)Expect: 100-Continue\r\nConnection: close\r\n"
            for body in ["Content-Length: 2\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n"] {
                let rest = body.hasPrefix("C") ? "{}" : "2\r\n{}\r\n0\r\n\r\n"
                let answer = try await scorer.raw(scorer.agents, head + body, rest)
                #expect(answer.statuses == [100, 400] && answer.isClosed, "\(answer.text)")
            }
            let none = try await scorer.raw(
                scorer.agents,
                "\(Self.get)Expect: 100-continue\r\nConnection: close\r\n\r\n"
            )
            #expect(none.statuses == [204])
            let old = "POST /v1/reports HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
            #expect(try await scorer.raw(scorer.agents, old, "{}").statuses == [400])
        }
    }

    @Test("that is cut off leaves nothing of a body that was not whole")
    func truncated() async throws {
        try await ScorerHarness.run { scorer in
            let head =
                "PUT /v1/inventory HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(scorer.operatorToken)\r\n"
                + "Content-Type: text/csv\r\nConnection: close\r\n"
            let csv = "serial,tag\r\nPF0FAKE1,sales\r\n"
            let before = try scorer.everything()
            for body in [
                "Content-Length: 5000\r\n\r\n\(csv)", "Transfer-Encoding: chunked\r\n\r\n99\r\n\(csv)",
                "Transfer-Encoding: chunked\r\n\r\n\(String(csv.utf8.count, radix: 16))\r\n\(csv)\r\n",
            ] {
                let answer = try await scorer.raw(scorer.operators, head + body, thenCloses: true)
                #expect(answer.statuses == [400] && answer.isClosed, "\(answer.text)")
                let after = try scorer.everything()
                #expect(
                    after == before,
                    "\(Set(after.split(separator: "\n")).subtracting(before.split(separator: "\n")))"
                )
            }
            let whole = "Content-Length: \(csv.utf8.count)\r\n\r\n\(csv)"
            #expect(try await scorer.raw(scorer.operators, head + whole, thenCloses: true).statuses == [200])
        }
    }

    @Test("has headers, or a target, that are too long answered with 431, with and without an end")
    func tooLong() async throws {
        try await ScorerHarness.run { scorer in
            let long = String(repeating: "a", count: 60_000)
            for request in [
                "GET /\(long)", "\(Self.get)X: \(long)", "\(Self.get)\(long)",
                "\(Self.get)\(String(repeating: "X: y\r\n", count: 101))",
                "\(Self.post)Transfer-Encoding: chunked\r\n\r\n0\r\nX: \(long)",
            ] {
                for end in ["", "\r\n\r\n"] {
                    let answer = try await scorer.raw(scorer.agents, request + end)
                    #expect(
                        answer.statuses == [431] && answer.isProblem("header-too-large") && answer.isClosed,
                        "\(answer.text)"
                    )
                }
            }
        }
    }
}
