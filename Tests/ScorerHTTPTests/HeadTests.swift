import Foundation
import HTTPTypes
import Hummingbird
import ScorerTestSupport
import TestSupport
import Testing

@testable import ScorerHTTP

/// RFC 9110 §9.3.2.
@Suite("HEAD", .timeLimit(.minutes(10)))
struct HeadTests {
    @Test("is answered wherever GET is, with the same head and no content")
    func everyRoute() async throws {
        let server = try ScorerHarness.idle()
        try await ScorerHarness.run { scorer in
            let device = try await scorer.newDevice()
            for (url, router) in [(scorer.agents, server.publicRouter()), (scorer.operators, server.operatorRouter())] {
                let paths = router.routes.filter { $0.method == .get }.map { route in
                    "\(route.path)".split(separator: "/").map { part in
                        part == ":device" ? "/\(device.id)" : part.hasPrefix(":") ? "/x" : "/\(part)"
                    }.joined()
                }
                #expect(paths.count >= 3)
                for path in paths + ["/nothing", "/v1/reports"] {
                    for authorization in ["", "Authorization: Bearer \(scorer.operatorToken)\r\n"] {
                        let rest = " \(path) HTTP/1.1\r\nHost: a\r\n\(authorization)Connection: close\r\n\r\n"
                        let (get, head) = (
                            try await scorer.raw(url, "GET\(rest)"), try await scorer.raw(url, "HEAD\(rest)")
                        )
                        #expect(head.statuses == get.statuses, "\(path)")
                        #expect(head.content.isEmpty && head.isClosed, "\(path): \(head.text)")
                        #expect(Self.names(head) == Self.names(get), "\(path): \(head.text)")
                    }
                }
            }
        }
    }

    @Test("of what is for GET is what Allow says too, and of nothing else")
    func allowed() async throws {
        try await ScorerHarness.run { scorer in
            for (path, allow) in [
                ("/v1/nonce", "GET, HEAD"), ("/healthz", "GET, HEAD"),
                ("/v1/cloudflare/posture", "GET, HEAD, POST, PUT"),
            ] {
                let answer = try await scorer.raw(
                    scorer.agents,
                    "DELETE \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                )
                #expect(answer.statuses == [405] && answer.has("Allow: \(allow)"), "\(answer.text)")
            }
            let head = try await scorer.raw(
                scorer.agents,
                "HEAD /v1/reports HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            )
            #expect(head.statuses == [405] && head.has("Allow: POST") && head.content.isEmpty, "\(head.text)")
        }
    }

    @Test(
        "has no content in the answers that no route gives",
        arguments: [
            "HEAD /healthz HTTP/1.1\r\n\r\n", "HEAD /healthz HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n",
            "\r\nHEAD /healthz HTTP/3\r\n\r\n",
            "HEAD /healthz HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 40_000))\r\n\r\n",
            "HEAD /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
            "HEAD /healthz HTTP/1.1\r\nHost: a\r\n\r\nHEAD /healthz HTTP/1.1\r\nX : b\r\n\r\n",
        ]
    )
    func refused(request: String) async throws {
        try await ScorerHarness.run { scorer in
            let answer = try await scorer.raw(scorer.agents, request)
            let status = try #require(answer.statuses.last)
            #expect([400, 431].contains(status) && answer.isClosed)
            #expect(answer.text.hasSuffix("\r\n\r\n") && !answer.text.contains("{"), "\(answer.text)")
        }
    }

    @Test("does not keep the answer to the next request from its content")
    func next() async throws {
        try await ScorerHarness.run { scorer in
            let answer = try await scorer.raw(
                scorer.agents,
                "HEAD /nothing HTTP/1.1\r\nHost: a\r\n\r\nGET /nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            )
            #expect(
                answer.statuses == [404, 404] && answer.text.components(separatedBy: "{").count == 2,
                "\(answer.text)"
            )
        }
    }

    /// The names of the headers of an answer, and its length, which does not change from one request to the next.
    private static func names(_ answer: RawAnswer) -> [Substring] {
        let lines = answer.text.split(separator: "\r\n", omittingEmptySubsequences: false).prefix { !$0.isEmpty }
            .dropFirst()
        let isCounted = answer.text.contains("text/plain")
        return lines.map { line in
            let name = line.prefix { $0 != ":" }
            return name.lowercased() == "content-length" && !isCounted ? line : name
        }.sorted()
    }
}
