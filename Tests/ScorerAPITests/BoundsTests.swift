import CurlBridge
import Foundation
import PostureModel
import TestSupport
import Testing

@testable import ScorerAPI

@Suite("A client that takes too much", .timeLimit(.minutes(5)))
struct BoundsTests {
    /// What a listener says to bytes that are sent one by one, until it closes the connection.
    func drip(_ scorer: ScorerHarness, _ start: String, _ rest: String) async throws -> String {
        let script = """
            import socket, sys, time
            s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=20)
            s.sendall(sys.argv[2].encode())
            s.settimeout(0.2)
            got, begin = b"", time.time()
            while time.time() - begin < 60:
                try:
                    s.sendall(sys.argv[3].encode()[:1])
                    data = s.recv(4096)
                    if not data: break
                    got += data
                except TimeoutError: pass
                except OSError: break
            print(got.decode(), end="")
            print("open" if time.time() - begin >= 60 else "closed")
            """
        let port = scorer.agents.split(separator: ":").last.map(String.init) ?? ""
        return try await scorer.run("python3", ["-c", script, port, start, rest])
    }

    @Test("of time, a byte of the body at a time, is told so and cut off; others are served meanwhile and after")
    func slowBody() async throws {
        try await ScorerHarness.run(limits: Limits(seconds: 2)) { scorer in
            let token = try TestTeam.token()
            for (path, header) in [
                ("/v1/reports", ""), ("/v1/cloudflare/posture", "Cf-Access-Jwt-Assertion: \(token)\r\n"),
            ] {
                for form in ["Content-Length: 1000", "Transfer-Encoding: chunked"] {
                    let start = "POST \(path) HTTP/1.1\r\nHost: a\r\n\(header)\(form)\r\n\r\n"
                    async let slow = drip(scorer, start, "1")
                    #expect(try await scorer.ask("").status == 200)
                    let answer = try await slow
                    // What is no chunk, is no HTTP either.
                    #expect(
                        answer.hasPrefix("HTTP/1.1 408")
                            || (form.contains("chunked") && answer.hasPrefix("HTTP/1.1 400")),
                        "\(answer)"
                    )
                    #expect(answer.contains("application/problem+json") && answer.hasSuffix("closed\n"), "\(answer)")
                }
            }
            #expect(try await scorer.ask("").status == 200)
        }
    }

    @Test("of time for a body that nobody waits for any more has one answer, and is cut off")
    func refusedBody() async throws {
        try await ScorerHarness.run(limits: Limits(seconds: 2)) { scorer in
            let start = "POST /v1/cloudflare/posture HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n"
            let answer = try await drip(scorer, start, "1")
            #expect(answer.hasPrefix("HTTP/1.1 403") && answer.hasSuffix("closed\n"), "\(answer)")
            #expect(answer.components(separatedBy: "HTTP/1.1").count == 2, "\(answer)")
        }
    }

    @Test("of time, a byte of the head at a time, is cut off")
    func slowHead() async throws {
        try await ScorerHarness.run(limits: Limits(seconds: 2)) { scorer in
            for start in ["", "GET /healthz HTTP/1.1\r\nX: "] {
                let answer = try await drip(scorer, start, "a")
                #expect(answer.hasSuffix("closed\n"))
            }
        }
    }

    @Test("of headers is answered with a problem document, and so is what is no HTTP")
    func headers() async throws {
        try await ScorerHarness.run { scorer in
            let long = String(repeating: "a", count: 40_000)
            let many = (0..<150).map { "X-\($0): a\r\n" }.joined()
            for (text, status, type) in [
                ("GET /healthz HTTP/1.1\r\nHost: a\r\nX: \(long)\r\n\r\n", 431, "header-too-large"),
                ("GET /healthz HTTP/1.1\r\nHost: a\r\n\(many)\r\n", 431, "header-too-large"),
                ("GET /\(long) HTTP/1.1\r\nHost: a\r\n\r\n", 431, "header-too-large"),
                ("\u{16}\u{3}\u{1}", 400, "malformed"), ("hello\r\n\r\n", 400, "malformed"),
                ("POST /v1/reports HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400, "malformed"),
            ] {
                let answer = try await drip(scorer, text, "\n")
                #expect(answer.hasPrefix("HTTP/1.1 \(status)"), "\(text.prefix(60)): \(answer)")
                #expect(answer.contains("urn:postured:problem:\(type)") && answer.hasSuffix("closed\n"), "\(answer)")
            }
            #expect(try await scorer.ask("").status == 200)
        }
    }

    @Test("of connections waits until one ends, and nobody else is harmed for good")
    func connections() async throws {
        try await ScorerHarness.run(limits: Limits(connections: 16, seconds: 20)) { scorer in
            let script = """
                import socket, sys
                def connect(port): return socket.create_connection(("127.0.0.1", int(port)))
                def ask(s, seconds):
                    s.settimeout(seconds)
                    try: return s.recv(12).decode()
                    except TimeoutError: return "waits"
                crowd = [connect(sys.argv[1]) for _ in range(60)]
                last, other = connect(sys.argv[1]), connect(sys.argv[2])
                for s in last, other: s.sendall(b"GET /healthz HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n")
                print(ask(last, 1), ask(other, 15), end=" ")
                for s in crowd: s.close()
                print(ask(last, 15))
                """
            let ports = [scorer.agents, scorer.operators].compactMap { $0.split(separator: ":").last.map(String.init) }
            let answers = try await scorer.run("python3", ["-c", script] + ports)
            // The operators' listener has places of its own.
            #expect(answers == "waits HTTP/1.1 204 HTTP/1.1 204\n")
            #expect(try await scorer.get("\(scorer.agents)/healthz").status == 204)
        }
    }

    @Test("of the wrong method is told the right ones")
    func methods() async throws {
        try await ScorerHarness.run { scorer in
            for (url, path, method, allow) in [
                (scorer.agents, "/v1/reports", "GET", "POST"), (scorer.agents, "/v1/nonce", "POST", "GET"),
                (scorer.agents, "/v1/devices/self", "PATCH", "POST"), (scorer.agents, "/healthz", "DELETE", "GET"),
                (scorer.agents, "/v1/cloudflare/posture/", "DELETE", "GET, HEAD, POST, PUT"),
                (scorer.operators, "/v1/devices/x", "POST", "DELETE, GET"),
            ] {
                let answer = try await scorer.curl("-X", method, url + path)
                #expect(answer.hasPrefix("HTTP/1.1 405") && answer.contains("method-not-allowed"), "\(answer)")
                #expect(answer.lowercased().contains("allow: \(allow.lowercased())\r\n"), "\(answer)")
            }
            #expect(try await scorer.get("\(scorer.agents)/v1/nothing").isProblem(.notFound))
        }
    }

    @Test("or not has an id for each request, which the log has too")
    func requestIDs() async throws {
        try await ScorerHarness.run { scorer in
            let ids = try await [scorer.ask(""), scorer.ask("x"), scorer.get("\(scorer.agents)/nothing")]
                .map { $0.headers["x-request-id"] ?? "" }
            #expect(Set(ids).count == 3 && ids.allSatisfy { $0.count == 16 })
            #expect(scorer.log.all.contains { $0.contains("refused") && $0.contains(ids[1]) })
            let headers = [(name: "X-Request-Id", value: "proxy-1.a_B"), ("Cf-Ray", "8f1e2d3c4b5a-FRA")]
            #expect(
                try await scorer.get("\(scorer.agents)/v1/cloudflare/posture", headers: headers).headers["x-request-id"]
                    == "proxy-1.a_B"
            )
            #expect(scorer.log.all.contains { $0.contains("proxy-1.a_B") && $0.contains("8f1e2d3c4b5a-FRA") })
            for bad in ["", "a b", "a;b", String(repeating: "a", count: 65), "a\"b"] {
                let id = try await scorer.get("\(scorer.agents)/healthz", headers: [("X-Request-Id", bad)]).headers[
                    "x-request-id"
                ]
                #expect(id?.count == 16 && id != bad)
            }
            try runTool("sqlite3", [scorer.directory.file("scorer.sqlite"), "DROP TABLE nonce_key"])
            let broken = try await scorer.get("\(scorer.agents)/readyz")
            #expect(broken.isProblem(.unavailable) && broken.headers["retry-after"] == "30")
        }
    }
}
