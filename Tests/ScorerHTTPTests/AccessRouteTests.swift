import CurlBridge
import OpenSSLBridge
import PostureModel
import ScorerTestSupport
import TestSupport
import Testing

@Suite("The ways in")
struct AccessRouteTests {
    static let url = "/v1/cloudflare/posture"
    static let secret = "cfast_" + String(repeating: "s3cr3t", count: 8)
    static let hex = Digest.sha256(Array(secret.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    static let headerMode = [
        #"mode = "service-token-headers""#, #"common_name = "\#(TestTeam.commonName)""#,
        #"client_secret_sha256 = "\#(hex)""#,
    ]

    @Test("are closed to several tokens in one request, good or bad, in one header or more")
    func several() async throws {
        try await ScorerHarness.run { scorer in
            let (good, bad) = (try TestTeam.token(), try TestTeam.token(claims: ["exp": "1"]))
            for tokens in [[good, good], [good, bad], [bad, good], ["", good], [good, ""]] {
                let headers = tokens.flatMap {
                    ["-H", $0.isEmpty ? "Cf-Access-Jwt-Assertion;" : "Cf-Access-Jwt-Assertion: \($0)"]
                }
                let answer = try await scorer.curl(headers + ["-X", "POST", scorer.agents + Self.url])
                #expect(answer.hasPrefix("HTTP/1.1 403"), "\(answer)")
            }
            #expect(try await scorer.ask("").status == 200)
        }
    }

    @Test("for a service token itself are open to its id and its secret, each once, and to nothing else")
    func serviceTokenHeaders() async throws {
        try await ScorerHarness.run(access: Self.headerMode) { scorer in
            let (id, secret) = (
                "CF-Access-Client-Id: \(TestTeam.commonName)", "CF-Access-Client-Secret: \(Self.secret)"
            )
            func status(_ lines: [String]) async throws -> String {
                let headers = lines.flatMap { ["-H", $0] }
                return try await scorer.curl(headers + ["-X", "POST", scorer.agents + Self.url])
            }
            #expect(try await status([id, secret]).hasSuffix(#"{"result":{}}"#))
            #expect(
                try await status([id.lowercased(), "cf-access-client-secret:\(Self.secret)"]).hasPrefix("HTTP/1.1 200")
            )
            let wrong = [
                [], [id], [secret], [id, id, secret], [id, secret, secret], [id, "CF-Access-Client-Secret;"],
                [id, secret + "x"], [id, String(secret.dropLast())], [id, secret.uppercased()],
                [id, "CF-Access-Client-Secret: \(Self.hex)"], [id + "x", secret], ["CF-Access-Client-Id;", secret],
                ["CF-Access-Client-Id: \(TestTeam.commonName.uppercased())", secret],
                ["Cf-Access-Jwt-Assertion: \(try TestTeam.token())"],
            ]
            for lines in wrong {
                let answer = try await status(lines)
                #expect(answer.hasPrefix("HTTP/1.1 403") && !answer.contains("detail"), "\(lines): \(answer)")
            }
            let log = scorer.log.all.joined()
            #expect(log.contains("were refused") && !log.contains(Self.secret) && !log.contains(Self.hex))
        }
    }

    @Test("of agents behind Access are closed without a token of theirs, and Cloudflare's is not one, nor the reverse")
    func agents() async throws {
        let access = ScorerHarness.standardAccess + [#"agents_audience = ["x", "agents"]"#]
        try await ScorerHarness.run(access: access) { scorer in
            let cloudflare = try TestTeam.token()
            let agent = try TestTeam.token(claims: ["aud": #"["agents"]"#, "common_name": #""agents.access""#])
            func nonce(_ token: String?) async throws -> Int {
                let headers = token.map { [(name: "Cf-Access-Jwt-Assertion", value: $0)] } ?? []
                return try await scorer.get("\(scorer.agents)/v1/nonce", headers: headers).status
            }
            #expect(try await nonce(agent) == 204)
            #expect(try await nonce(nil) == 403)
            #expect(try await nonce(cloudflare) == 403)
            #expect(try await scorer.ask("", token: cloudflare).status == 200)
            #expect(try await scorer.ask("", token: agent).isProblem(.forbidden))
            #expect(try await scorer.get("\(scorer.agents)/readyz").status == 204)
        }
    }
}
