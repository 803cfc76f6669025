import CurlBridge
import PostureModel
import ScorerTestSupport
import Testing

@testable import SQLiteStore

@Suite("JSON that is hard to read", .timeLimit(.minutes(5)))
struct TortureTests {
    @Test("as a body from Cloudflare is answered, or refused with 400, and the next request is answered")
    func cloudflare() async throws {
        try await ScorerHarness.run { scorer in
            let (token, type) = (try TestTeam.token(), "application/json")
            func post(_ bytes: [UInt8]) async throws -> HTTPResponse {
                let headers = [(name: "Cf-Access-Jwt-Assertion", value: token), ("Content-Type", type)]
                let url = "\(scorer.agents)/v1/cloudflare/posture"
                return try await scorer.http.send(HTTPRequest(.post, url, headers: headers, body: bytes))
            }
            #expect(TortureJSON.all.count > 350)
            for body in TortureJSON.all {
                let response = try await post(body.bytes)
                let isRefused = response.isProblem(.malformed)
                #expect(response.status == 200 || isRefused, "\(body.name): \(response.status) \(response.text)")
                if body.kind != .i { #expect(isRefused == (body.kind == .n), "\(body.name): \(response.text)") }
                if response.status == 200 {
                    #expect(throws: Never.self, "\(body.name)") { try response.decoded(as: PostureResult.self) }
                }
            }
            #expect(try await post(Array("{}".utf8)).text == #"{"result":{}}"#)
            #expect(!scorer.log.all.contains { $0.hasPrefix("error") || $0.hasPrefix("critical") })
        }
    }

    @Test("as a body of any other route is refused with 400, and the next request is answered")
    func others() async throws {
        try await ScorerHarness.run { scorer in
            let device = try await scorer.newDevice()
            let operators = [(name: "Authorization", value: "Bearer \(scorer.operatorToken)")]
            for body in TortureJSON.all where body.bytes.count < 60_000 {
                for type in [MessageType.report, .registration, .ownRecord] {
                    #expect(try await scorer.post(type, body.bytes).isProblem(.malformed), "\(body.name)")
                }
                let url = "\(scorer.operators)/v1/certificates"
                let response = try await scorer.http.send(HTTPRequest(.post, url, headers: operators, body: body.bytes))
                #expect(response.isProblem(.malformed), "\(body.name): \(response.text)")
            }
            #expect(try await scorer.report(device).status == 200)
            #expect(!scorer.log.all.contains { $0.hasPrefix("error") || $0.hasPrefix("critical") })
        }
    }
}
