import CurlBridge
import Foundation
import PostureModel
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("Following docs/cloudflare.md", .timeLimit(.minutes(5)))
struct CloudflareGuideTests {
    let text: String
    /// The secret of the stand-in's service token.
    static let secret = "cfast_" + String(repeating: "s3cr3t", count: 8)

    init() throws {
        let path = URL(filePath: #filePath).appending(path: "../../../docs/cloudflare.md").standardized.path
        text = String(decoding: try contents(of: path), as: UTF8.self)
    }

    /// The lines of the page's fragments of scorer.toml, with the stand-in's values in the place of the page's.
    func fragments() throws -> [[String]] {
        let hash = try runTool("sh", ["-c", #"printf %s "$0" | sha256sum"#, Self.secret]).text.prefix(64)
        let values = [
            ("https://example.cloudflareaccess.com", TestTeam.issuer),
            (String(repeating: "0", count: 64), String(hash)),
            ("4714c1358e65fe4b408ad6d432a5f878f08194bdb4752441fd56faefa9b2b6f2", TestTeam.audience),
            ("e367826f93b8d71185e03fe518aff3b4.access", TestTeam.commonName),
        ]
        return text.components(separatedBy: "```toml\n[access]\n").dropFirst().map { fragment in
            let lines = fragment.prefix(upTo: fragment.firstRange(of: "```")?.lowerBound ?? fragment.endIndex)
            return values.reduce(String(lines)) { $0.replacing($1.0, with: $1.1) }.split(separator: "\n").map(
                String.init
            )
        }
    }

    /// What the URL of step 4 leads to: Access, which puts a token in the place of the service token's headers.
    func access(before scorer: ScorerHarness, asksForToken: Bool) throws -> LoopbackServer {
        let (agents, token) = (scorer.agents, try TestTeam.token())
        return try LoopbackServer { request, connection in
            let (id, secret) = (request.headers["cf-access-client-id"], request.headers["cf-access-client-secret"])
            guard !asksForToken || (id == TestTeam.commonName && secret == Self.secret) else {
                return connection.answer(403, ["Content-Type": "text/html"], "<html>Forbidden</html>")
            }
            let shown =
                asksForToken
                ? ["Cf-Access-Jwt-Assertion: \(token)"]
                : ["CF-Access-Client-Id: \(id ?? "")", "CF-Access-Client-Secret: \(secret ?? "")"]
            let way = request.method == "HEAD" ? ["--head"] : ["-X", request.method]
            let body = request.body.isEmpty ? [] : ["--data-binary", String(decoding: request.body, as: UTF8.self)]
            let arguments = ["-sS", "-w", "%{http_code}"] + way + shown.flatMap { ["-H", $0] } + body
            let answer = (try? runTool("curl", arguments + [agents + request.path]).text) ?? "502"
            let status = Int(answer.suffix(3)) ?? 502
            connection.answer(
                status,
                ["Content-Type": "application/json"],
                request.method == "HEAD" ? "" : String(answer.dropLast(3))
            )
        }
    }

    @Test("ends with a passing 'Test and save', behind Access and without it", arguments: [true, false])
    func testAndSave(isBehindAccess: Bool) async throws {
        let fragments = try fragments()
        try #require(fragments.count == 2)
        try await ScorerHarness.run(access: fragments[isBehindAccess ? 0 : 1]) { scorer in
            let access = try access(before: scorer, asksForToken: isBehindAccess)
            // Step 3: the command of the page.
            let token = try scorer.directory.write("\(TestTeam.commonName)\n\(Self.secret)\n".utf8, to: "service-token")
            let command =
                "posture-scorer access check --through posture.example.com --service-token-file /root/service-token"
            #expect(text.contains(command))
            let words = command.replacing("posture.example.com", with: access.url).replacing(
                "/root/service-token",
                with: token
            )
            .split(separator: " ").dropFirst().map(String.init)
            let checked = try await scorer.run(
                ScorerProgram.path,
                words + ["--config", scorer.directory.file("scorer.toml")]
            )
            #expect(checked.contains("'Test and save' will pass") && !checked.contains("WRONG"), "\(checked)")
            // Step 4: the path of the page, and whatever the test may send.
            let url = "\(access.url)/v1/cloudflare/posture"
            #expect(text.contains("`https://posture.example.com/v1/cloudflare/posture`"))
            let shown = [
                "-H", "CF-Access-Client-Id: \(TestTeam.commonName)", "-H", "CF-Access-Client-Secret: \(Self.secret)",
            ]
            let made =
                #"{"devices":[{"device_id":"9ece5fab-7398-488a-a575-e25a9a3dec07","email":"","serial_number":"S"}]}"#
            for form in [
                ["-X", "GET"], ["--head"], ["-X", "POST"], ["-d", "{}"], ["-d", #"{"devices":[]}"#],
                ["-d", #"{"devices":null}"#], ["-d", "null"], ["-d", made], ["-X", "PUT", "-d", made],
            ] {
                #expect(try await scorer.curl(shown + form + [url]).hasPrefix("HTTP/1.1 200"), "\(form)")
            }
            #expect(try await scorer.curl(["-X", "POST", url]).hasPrefix("HTTP/1.1 403"))
        }
    }

    @Test("leads to files that are there, and to what the Terraform has too")
    func terraform() throws {
        let root = URL(filePath: #filePath).appending(path: "../../../packaging/examples/cloudflare").standardized.path
        let main = String(decoding: try contents(of: "\(root)/main.tf"), as: UTF8.self)
        for words in ["custom_s2s", "non_identity", "self_hosted", "/v1/cloudflare/posture"] {
            #expect(main.contains(words) && text.contains(words), "\(words)")
        }
    }
}
