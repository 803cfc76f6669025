import CurlBridge
import Foundation
import PostureModel
import ScorerTestSupport
import TestSupport
import Testing

@Suite("The two listeners")
struct ListenerTests {
    @Test("give a fresh nonce with every answer to an agent, be it good or bad")
    func nonces() async throws {
        try await ScorerHarness.run { scorer in
            let device = try await scorer.newDevice()
            let responses = [
                try await scorer.get("\(scorer.agents)/v1/nonce"), try await scorer.report(device),
                try await scorer.ownRecord(device), try await scorer.report(try TestDevice()),
                try await scorer.register(try TestDevice(), token: nil), try await scorer.post(.report, []),
                try await scorer.post(.report, [UInt8](repeating: 0x41, count: 65_537)),
            ]
            #expect(responses.map(\.status) == [204, 200, 200, 403, 403, 400, 413])
            let nonces = responses.compactMap { $0.headers["replay-nonce"] }
            #expect(nonces.count == responses.count)
            #expect(Set(nonces).count == nonces.count)
            for response in responses { #expect(response.headers["cache-control"] == "no-store") }
            for nonce in nonces.reversed().prefix(1) {
                #expect(try await scorer.report(device, nonce: nonce).status == 200, "the nonce of an error is good")
            }
        }
    }

    @Test("refuse a body that is too long, and serve the next request", arguments: [65_537, 10_000_000])
    func tooLarge(size: Int) async throws {
        try await ScorerHarness.run { scorer in
            let device = try await scorer.newDevice()
            let body = [UInt8](repeating: UInt8(ascii: "A"), count: size)
            for type in [MessageType.report, .registration, .ownRecord] {
                #expect(try await scorer.post(type, body).isProblem(.tooLarge))
            }
            #expect(try await scorer.report(device).status == 200)
            let file = try scorer.directory.write(body, to: "body")
            let chunked = try await scorer.curl(
                "-H",
                "Transfer-Encoding: chunked",
                "--data-binary",
                "@\(file)",
                "\(scorer.agents)/v1/reports"
            )
            #expect(chunked.contains("HTTP/1.1 413") && chunked.contains("urn:postured:problem:too-large"))
            #expect(try await scorer.report(device).status == 200)
        }
    }

    @Test("take a body of the longest length that they name, and no answer of theirs is cut")
    func largest() async throws {
        try await ScorerHarness.run { scorer in
            let response = try await scorer.post(.report, [UInt8](repeating: UInt8(ascii: " "), count: 65_536))
            #expect(response.isProblem(.malformed))
            let devices = String(repeating: " ", count: 4 * 1024 * 1024 - 2)
            #expect(try await scorer.ask("{\(devices)}").status == 200)
            #expect(try await scorer.ask("{\(devices) }").isProblem(.tooLarge))
        }
    }

    @Test(
        "answer what is not theirs with a problem document",
        arguments: [
            ("GET", "/v1/reports"), ("GET", "/v1/devices"), ("GET", "/v1/devices/self"), ("POST", "/v1/nonce"),
            ("PUT", "/v1/reports"), ("DELETE", "/v1/devices"), ("PATCH", "/v1/devices/self"),
            ("PUT", "/v1/cloudflare/posture"),
            ("GET", "/"), ("GET", "/v2/reports"), ("POST", "/v1/reports/x"), ("GET", "/../../etc/passwd"),
            ("GET", "/%00"), ("GET", "/v1/reports?\(String(repeating: "a", count: 4000))"),
            ("OPTIONS", "/v1/reports"), ("POST", "/healthz"),
        ]
    )
    func strangeRoutes(method: String, path: String) async throws {
        try await ScorerHarness.run { scorer in
            let text = try await scorer.curl("--path-as-is", "-X", method, scorer.agents + path)
            #expect(text.hasPrefix("HTTP/1.1 4"), "\(text)")
            #expect(text.lowercased().contains("content-type: application/problem+json"), "\(text)")
            #expect(text.contains("urn:postured:problem:"))
        }
    }

    @Test("say to monitoring that they live and that they can answer")
    func health() async throws {
        try await ScorerHarness.run { scorer in
            for url in [scorer.agents, scorer.operators] {
                for path in ["/healthz", "/readyz"] {
                    let response = try await scorer.get(url + path)
                    #expect(response.status == 204)
                    #expect(response.body.isEmpty)
                }
            }
        }
    }

    @Test("answer 503 without a cause while the store cannot, and live on")
    func brokenStore() async throws {
        try await ScorerHarness.run { scorer in
            let device = try await scorer.newDevice()
            try runSQLite(
                [scorer.directory.file("scorer.sqlite"), "DROP TABLE nonce_key; ALTER TABLE claim RENAME TO lost"]
            )
            #expect(try await scorer.report(device).isProblem(.unavailable))
            let asked = try await scorer.ask(#"{"devices":[\#(ScorerHarness.row("warp-1"))]}"#)
            #expect(asked.isProblem(.unavailable))
            #expect(!asked.text.contains("device") || !asked.text.lowercased().contains("sql"))
            #expect(try await scorer.get("\(scorer.agents)/readyz").isProblem(.unavailable))
            #expect(try await scorer.get("\(scorer.agents)/healthz").status == 204)
            #expect(scorer.log.all.contains { $0.hasPrefix("error a request failed") })
        }
    }
}
