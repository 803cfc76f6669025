import CurlBridge
import PostureModel
import TestSupport
import Testing

@testable import Reporting

/// An answer of something on the way to the scorer, and what it is.
struct Foreign: Sendable, CustomTestStringConvertible {
    let status: Int
    var headers: [String: String] = [:]
    var body = "<html>"
    let answer: ForeignAnswer
    var testDescription: String { "\(status) \(headers.keys.sorted().joined(separator: " ")) \(body)" }
}

@Suite("What answers in the scorer's place", .timeLimit(.minutes(5)))
struct ForeignAnswerTests {
    private static let rule = "(http.host eq \"127.0.0.1\")"
    private static let html = ["Content-Type": "text/html; charset=UTF-8"]
    private static let cloudflare = html.merging(["Server": "cloudflare", "CF-Ray": "8f0-FRA"]) { $1 }

    private static func cloudflare(_ more: [String: String]) -> [String: String] { cloudflare.merging(more) { $1 } }

    static let answers: [Foreign] =
        [
            Foreign(status: 403, headers: ["CF-Mitigated": "Challenge"], answer: .cloudflareChallenge(rule: rule)),
            Foreign(
                status: 503,
                headers: cloudflare(["cf-mitigated": "challenge", "Content-Encoding": "gzip"]),
                answer: .cloudflareChallenge(rule: rule)
            ),
            Foreign(status: 530, headers: cloudflare, body: "<html>error code: 1033</html>", answer: .tunnelDown),
            Foreign(status: 530, body: "error code: 1033", answer: .tunnelDown),
            Foreign(status: 530, body: "<span class=\"cf-error-code\">1033</span>", answer: .tunnelDown),
            Foreign(status: 530, body: "<h1>Error 1033</h1>", answer: .tunnelDown),
            Foreign(status: 530, body: #"{"error_code": 1033}"#, answer: .tunnelDown),
            Foreign(status: 530, headers: cloudflare, body: "error code: 1016", answer: .cloudflareDNS),
            Foreign(status: 530, headers: cloudflare, body: "error code: 1001", answer: .cloudflareError(code: 1001)),
            Foreign(status: 530, headers: cloudflare, body: "", answer: .cloudflareError(code: nil)),
            Foreign(status: 530, body: "error code: 99999999999999999999", answer: .cloudflareError(code: nil)),
        ]
        + (520...527).map { Foreign(status: $0, headers: cloudflare, answer: .cloudflareOrigin(status: $0)) } + [
            Foreign(status: 502, headers: cloudflare, answer: .cloudflareOrigin(status: 502)),
            Foreign(status: 504, headers: cloudflare, answer: .cloudflareOrigin(status: 504)),
            Foreign(status: 502, headers: html, answer: .unknown),
            Foreign(
                status: 403,
                headers: cloudflare,
                body: "error code: 1020",
                answer: .cloudflareBlock(code: 1020, rule: rule)
            ),
            Foreign(status: 403, headers: cloudflare, answer: .cloudflareBlock(code: nil, rule: rule)),
            Foreign(
                status: 429,
                headers: cloudflare,
                body: "error code: 1015",
                answer: .cloudflareBlock(code: 1015, rule: rule)
            ),
            Foreign(
                status: 302,
                headers: ["Location": "https://acme.cloudflareaccess.com/cdn-cgi/access/login/x?kid=secret"],
                answer: .accessLogin(isTokenSent: false)
            ),
            Foreign(
                status: 302,
                headers: ["Location": "HTTPS://ACME.CloudflareAccess.com"],
                answer: .accessLogin(isTokenSent: false)
            ),
            Foreign(
                status: 302,
                headers: ["Location": "https://login.acme.test/cdn-cgi/access/login/x"],
                answer: .accessLogin(isTokenSent: false)
            ),
            Foreign(
                status: 200,
                headers: cloudflare(["CF-Access-Domain": "scorer.test"]),
                answer: .accessLogin(isTokenSent: false)
            ),
            Foreign(
                status: 403,
                headers: cloudflare(["CF-Access-Aud": "0123"]),
                answer: .accessRefusal(isTokenSent: false)
            ),
            Foreign(
                status: 401,
                headers: ["WWW-Authenticate": "Cloudflare-Access resource_metadata=\"x\""],
                answer: .accessRefusal(isTokenSent: false)
            ),
            Foreign(status: 401, headers: ["WWW-Authenticate": "Basic realm=\"x\""], answer: .credentials),
            Foreign(
                status: 302,
                headers: ["Location": "http://acme.cloudflareaccess.com.portal.test:8080/login?to=secret#x"],
                answer: .redirectionElsewhere("http://acme.cloudflareaccess.com.portal.test:8080/login")
            ),
            Foreign(
                status: 307,
                headers: ["Location": "//portal.test/a\u{1b}[31mb\u{9b}1m"],
                answer: .redirectionElsewhere("//portal.test/a")
            ),
            Foreign(
                status: 301,
                headers: ["Location": "https://127.0.0.1//x"],
                answer: .redirection("https://127.0.0.1//x")
            ),
            Foreign(status: 301, headers: ["Location": "/a//b:c"], answer: .redirection("/a//b:c")),
            Foreign(status: 308, answer: .redirection(nil)),
            Foreign(status: 511, headers: html, answer: .networkLogin),
            Foreign(status: 200, headers: html, answer: .webPage),
            Foreign(status: 407, answer: .proxyCredentials),
            Foreign(status: 403, headers: ["X-Squid-Error": "ERR_ACCESS_DENIED 0"], answer: .proxyRefusal),
            Foreign(status: 502, headers: ["Proxy-Status": "proxy; error=dns_error"], answer: .proxyRefusal),
            Foreign(status: 403, headers: ["Content-Encoding": "gzip"], answer: .encoded("gzip")),
            Foreign(status: 200, headers: ["Content-Encoding": "BR"], answer: .encoded("BR")),
            Foreign(
                status: 403,
                headers: ["Content-Type": "application/problem+json", "Content-Encoding": "zstd\u{1b}[31m"],
                answer: .encoded("zstd?[31m")
            ),
            Foreign(status: 403, headers: ["Content-Encoding": "identity"], answer: .credentials),
        ]

    @Test("is named, with what to do", arguments: answers)
    func diagnosis(foreign: Foreign) async throws {
        let scorer = try ScriptedScorer(nonce: .raw(foreign.status, foreign.headers, foreign.body), [])
        let error = try #require(try await scorer.failure())
        #expect(error == .unexpected(status: foreign.status, foreign.answer))
        #expect(error.description.hasSuffix("\(foreign.answer.cause): \(foreign.answer.advice)"))
        #expect(error.description == error.description.printable())
        #expect(!error.description.contains("secret"))
        let again = try ScriptedScorer(nonce: .raw(foreign.status, foreign.headers, foreign.body), [])
        let answer = try await ScorerProbe(url: again.server.url, userAgent: "test", seconds: 5).nonce()
        #expect(answer.foreign == foreign.answer)
        #expect(answer.problem == nil)
    }

    @Test("is named where it answers to a report, too", arguments: answers.filter { $0.status != 200 || $0.body != "" })
    func report(foreign: Foreign) async throws {
        let scorer = try ScriptedScorer([.raw(foreign.status, foreign.headers, foreign.body)])
        let error = try #require(try await scorer.failure())
        #expect(error == .unexpected(status: foreign.status, foreign.answer))
    }

    @Test("is Access, and it does not take the token, where one was sent")
    func token() throws {
        let refusal = HTTPResponse(status: 403, headers: ["cf-access-domain": "scorer.test"])
        let login = HTTPResponse(status: 302, headers: ["location": "https://a.cloudflareaccess.com/"])
        let url = "https://scorer.test"
        #expect(ForeignAnswer(refusal, to: url, isTokenSent: true) == .accessRefusal(isTokenSent: true))
        #expect(ForeignAnswer(login, to: url, isTokenSent: true) == .accessLogin(isTokenSent: true))
    }

    @Test(
        "is let through by a rule for the scorer's host name, and its path if it has one",
        arguments: [
            ("https://Scorer.Acme.test:8443", "(http.host eq \"scorer.acme.test\")"),
            (
                "https://acme.test/posture/",
                "(http.host eq \"acme.test\" and starts_with(http.request.uri.path, \"/posture/\"))"
            ),
        ]
    )
    func rule(url: String, rule: String) {
        let response = HTTPResponse(status: 403, headers: ["cf-mitigated": "challenge"])
        let answer = ForeignAnswer(response, to: url, isTokenSent: true)
        #expect(answer == .cloudflareChallenge(rule: rule))
        #expect(answer.advice.contains("action Skip for \(rule)"))
    }

    @Test("keeps few headers of it, of a thousand characters each")
    func headers() async throws {
        let long = String(repeating: "a", count: 5000)
        let server = try LoopbackServer { _, connection in
            connection.answer(403, ["Location": "\(long)\u{7f}", "Set-Cookie": "secret", "Server": " x \t"])
        }
        var options = HTTPClient.Options()
        options.keptHeaders = HTTPResponse.scorerHeaders
        let response = try await HTTPClient(options: options).send(HTTPRequest(.get, server.url))
        #expect(response.headers["location"]?.count == 1000)
        #expect(response.headers["server"] == "x")
        #expect(Set(response.headers.keys).isSubset(of: HTTPResponse.scorerHeaders))
    }
}
