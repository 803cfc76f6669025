import CurlBridge
import Foundation
import OpenSSLBridge
import PostureModel
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("posture-scorer access check", .timeLimit(.minutes(5)))
struct CheckAccessTests {
    let directory: TemporaryDirectory
    /// A stand-in for the team domain and for Access before the scorer.
    let cloudflare: LoopbackServer

    init() throws {
        directory = try TemporaryDirectory("access-check")
        let keySet = String(decoding: TestTeam.keySet([try TestTeam.entry(TestTeam.keyID)]), as: UTF8.self)
        cloudflare = try LoopbackServer { request, connection in
            let isKnown = request.headers["cf-access-client-secret"] == "secret"
            switch (request.path, isKnown) {
            case ("/certs", _): connection.answer(200, [:], keySet)
            case ("/login/x", _): connection.answer(302, ["Location": "https://t.test/cdn-cgi/access/login/x"], "")
            case (_, false): connection.answer(403, ["Content-Type": "text/html"], "<html>")
            case ("/problem/x", _):
                connection.answer(403, ["Content-Type": "application/problem+json"], #"{"status":403}"#)
            case ("/other/x", _): connection.answer(200, [:], "<html>")
            default: connection.answer(200, ["Content-Type": "application/json"], #"{"result":{}}"#)
            }
        }
        try configure(#"audience = "\#(TestTeam.audience)""#)
    }

    func configure(_ lines: String, keys: String = "/certs") throws {
        let text = """
            [access]
            team_domain = "\(TestTeam.issuer)"
            common_name = "\(TestTeam.commonName)"
            keys_url = "\(cloudflare.url)\(keys)"
            operators_audience = "operators"
            \(lines)
            """
        try directory.write(text.utf8, to: "scorer.toml")
    }

    func run(_ arguments: String..., text: String = "", environment: [String] = []) throws -> Program.Ending {
        let file = try directory.write(Array(text.utf8), to: "given")
        let all =
            ["access", "check", "--config", directory.file("scorer.toml")] + arguments.map { $0 == "FILE" ? file : $0 }
        return try runProgram("env", ["-u", "http_proxy"] + environment + [ScorerProgram.path] + all)
    }

    @Test("says which keys there are, or why there are none")
    func keys() throws {
        let good = try run()
        #expect(good.status == 0 && good.output == "ok    keys: 1 from \(cloudflare.url)/certs: key-1\n", "\(good)")
        for (path, words) in [("/other/x", "403"), ("/cert", "403")] {
            try configure(#"audience = "a""#, keys: path)
            let bad = try run()
            #expect(bad.status == 1 && bad.output.hasPrefix("WRONG keys: ") && bad.output.contains(words), "\(bad)")
        }
        let port = try closedPort()
        try directory.write(
            "[access]\nteam_domain = \"http://127.0.0.1:\(port)\"\naudience = \"a\"".utf8,
            to: "scorer.toml"
        )
        let none = try run()
        #expect(none.status == 1 && none.output.contains("the way to it"), "\(none)")
    }

    @Test("says of a token what is wrong with it, and what to do")
    func token() throws {
        let now = Timestamp.now()
        let good = try run("--token-file", "FILE", text: TestTeam.token(at: now) + "\n")
        #expect(
            good.status == 0 && good.output.contains("ok    token: the scorer takes it, as \(TestTeam.commonName)"),
            "\(good)"
        )
        #expect(!good.output.contains("WRONG"))
        let wrong: [([String: String?], String)] = [
            (["aud": #"["another"]"#], "another is of another application: copy the AUD tag"),
            (["aud": #"["operators"]"#], "that of access.operators_audience"),
            (["sub": #""x""#, "email": #""a@acme.test""#, "common_name": nil], "set it to Service Auth"),
            (["exp": "1"], "it has expired: take a new one"), (["iat": "4e9"], "look at this machine's clock"),
            (["iss": #""https://other.test""#], "write that as access.team_domain"),
            (["common_name": #""other.access""#], "access.common_name is another client id"),
            (["type": #""org""#], "a session's token"),
        ]
        for (claims, words) in wrong {
            let ending = try run("--token-file", "FILE", text: TestTeam.token(claims: claims, at: now))
            #expect(ending.status == 1 && ending.output.contains(words), "\(ending)")
            #expect(ending.output.contains("\nWRONG "))
        }
        for (text, words) in [
            (try TestTeam.token(at: now) { try TestTeam.strangeKey.sign($0, algorithm: .rs256) }, "does not verify"),
            (try TestTeam.token(header: ["kid": #""old""#], at: now), "the key old is not among them"),
            ("no token", "three parts with dots"), ("", "three parts"),
        ] {
            let ending = try run("--token-file", "FILE", text: text)
            #expect(ending.status == 1 && ending.output.contains(words), "\(ending)")
        }
    }

    @Test("goes the way that Cloudflare goes, and says whose answer it was")
    func through() throws {
        let token = "\(TestTeam.commonName)\nsecret\n"
        for (path, text, words) in [
            ("", token, "'Test and save' will pass"), ("/login/x", token, "Service Auth, not Allow"),
            ("/problem/x", token, "403 from the scorer"), ("/other/x", token, "not from the scorer"),
            ("", "\(TestTeam.commonName)\nwrong", "403 from Access"),
        ] {
            let ending = try run("--through", cloudflare.url + path, "--service-token-file", "FILE", text: text)
            #expect(ending.output.contains(words) && (ending.status == 0) == words.hasPrefix("'Test"), "\(ending)")
            #expect(!ending.output.contains("secret"))
        }
        let environment = ["CF_ACCESS_CLIENT_ID=a", "CF_ACCESS_CLIENT_SECRET=secret"]
        #expect(try run("--through", cloudflare.url, environment: environment).status == 0)
        #expect(try run("--through", cloudflare.url, "--service-token-file", "FILE", text: "one").status == 64)
        #expect(cloudflare.lines.contains("POST /v1/cloudflare/posture"))
    }
}
