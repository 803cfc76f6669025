import CurlBridge
import Foundation
import PostureModel
import ScorerTestSupport
import TestSupport
import Testing

@testable import ScorerCore
@testable import ScorerHTTP

@Suite("A client that takes too much", .timeLimit(.minutes(5)))
struct BoundsTests {
    @Test("of time for a body is told so and cut off, however it comes; others are served meanwhile and after")
    func slowBody() async throws {
        let timers = ManualTimers()
        try await ScorerHarness.run(limits: timers.limits) { scorer in
            let token = try TestTeam.token()
            for (path, header) in [
                ("/v1/reports", ""), ("/v1/cloudflare/posture", "Cf-Access-Jwt-Assertion: \(token)\r\n"),
            ] {
                for body in [["Content-Length: 9\r\n\r\n1", "1"], ["Transfer-Encoding: chunked\r\n\r\n9\r\n1", "1"]] {
                    let start = "POST \(path) HTTP/1.1\r\nHost: a\r\n\(header)\(body[0])"
                    async let slow = scorer.raw(scorer.agents, start, body[1])
                    try await timers.until(1, .body)
                    #expect(try await scorer.ask("").status == 200)
                    try await timers.until(1, .body)
                    timers.end(.body)
                    let answer = try await slow
                    #expect(
                        answer.statuses == [408] && answer.isProblem("timeout") && answer.isClosed,
                        "\(answer.text)"
                    )
                    #expect(answer.has("Connection: close"))
                }
            }
            #expect(try await scorer.ask("").status == 200)
        }
    }

    @Test("of time for a body that nobody waits for any more has one answer, and is cut off")
    func refusedBody() async throws {
        let timers = ManualTimers()
        try await ScorerHarness.run(limits: timers.limits) { scorer in
            let script = """
                import socket, sys
                s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=100)
                s.sendall(sys.argv[2].encode())
                got = b""
                while data := s.recv(4096): got += data
                print(got.decode())
                try:
                    while s.send(b"1" * 4096): pass
                except OSError: print("cut off")
                """
            let start = "POST /v1/cloudflare/posture HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n1"
            async let refused = scorer.run("python3", ["-c", script, scorer.port(of: scorer.agents), start])
            // It has its answer, and is given time to see it.
            try await timers.until(1, .close)
            #expect(timers.count(.body) == 0)
            timers.end(.close)
            let answer = try await refused
            #expect(answer.hasPrefix("HTTP/1.1 403") && answer.hasSuffix("cut off\n"), "\(answer)")
            #expect(answer.components(separatedBy: "HTTP/1.1").count == 2, "\(answer)")
        }
    }

    @Test("of time for a head, or between requests, is cut off")
    func slowHead() async throws {
        let timers = ManualTimers()
        try await ScorerHarness.run(limits: timers.limits) { scorer in
            let get = "GET /healthz HTTP/1.1\r\nHost: a\r\n"
            for text in ["", "\r\n", "GE", "\(get)X: a"] {
                async let slow = scorer.raw(scorer.agents, text)
                try await timers.until(1, .head)
                timers.end(.head)
                let answer = try await slow
                #expect(answer.text.isEmpty && answer.isClosed, "\(answer.text)")
            }
            let script = """
                import socket, sys
                s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=100)
                s.sendall(sys.argv[2].encode())
                print(s.recv(12).decode())
                while s.recv(4096): pass
                """
            async let idle = scorer.run("python3", ["-c", script, scorer.port(of: scorer.agents), "\(get)\r\n"])
            // The first wait is for the request, the second for another one.
            try await eventually { timers.started(.head) >= 6 && timers.count(.head) == 1 }
            timers.end(.head)
            #expect(try await idle == "HTTP/1.1 204\n")
        }
    }

    @Test("of time for an answer is cut off")
    func slowReader() async throws {
        let timers = ManualTimers()
        try await ScorerHarness.run(limits: timers.limits) { scorer in
            let script = """
                import socket, sys
                s = socket.socket()
                s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                s.settimeout(200)
                s.connect(("127.0.0.1", int(sys.argv[1])))
                devices = ",".join('{"device_id":"%01000d"}' % i for i in range(500))
                body = ('{"devices":[%s]}' % devices).encode()
                head = "POST /v1/cloudflare/posture HTTP/1.1\\r\\nHost: a\\r\\nCf-Access-Jwt-Assertion: %s\\r\\n" % sys.argv[2]
                try:
                    for _ in range(100): s.sendall((head + "Content-Length: %d\\r\\n\\r\\n" % len(body)).encode() + body)
                except ConnectionError: print("cut off")
                """
            let (token, ended) = (try TestTeam.token(), Collected<String>())
            let slow = Task {
                ended.add(try await scorer.run("python3", ["-c", script, scorer.port(of: scorer.agents), token]))
            }
            try await timers.until(1, .answer)
            #expect(try await scorer.ask("").status == 200)
            // Between two answers that it takes none is waited for.
            try await eventually {
                timers.end(.answer)
                return !ended.all.isEmpty
            }
            try await slow.value
            #expect(ended.all == ["cut off\n"])
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
            ] {
                let answer = try await scorer.raw(scorer.agents, text)
                #expect(answer.statuses == [status] && answer.isProblem(type) && answer.isClosed, "\(answer.text)")
            }
            #expect(try await scorer.ask("").status == 200)
        }
    }

    @Test("of connections waits until one ends, and nobody else is harmed for good")
    func connections() async throws {
        try await ScorerHarness.run(limits: Limits(connections: 16, seconds: 600)) { scorer in
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
                print(ask(last, 1), ask(other, 100), end=" ")
                for s in crowd: s.close()
                print(ask(last, 100))
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
                (scorer.agents, "/v1/reports", "GET", "POST"), (scorer.agents, "/v1/nonce", "POST", "GET, HEAD"),
                (scorer.agents, "/v1/devices/self", "PATCH", "POST"),
                (scorer.agents, "/healthz", "DELETE", "GET, HEAD"),
                (scorer.agents, "/v1/cloudflare/posture/", "DELETE", "GET, HEAD, POST, PUT"),
                (scorer.operators, "/v1/devices/x", "POST", "DELETE, GET, HEAD"),
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
            try runSQLite([scorer.directory.file("scorer.sqlite"), "DROP TABLE nonce_key"])
            let broken = try await scorer.get("\(scorer.agents)/readyz")
            #expect(broken.isProblem(.unavailable) && broken.headers["retry-after"] == "30")
        }
    }
}
