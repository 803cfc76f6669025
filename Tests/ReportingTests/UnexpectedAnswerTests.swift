import PostureModel
import Reporting
import TestSupport
import Testing

/// What something that is not the scorer may answer, and what a person is told.
struct Stranger: Sendable, CustomTestStringConvertible {
    let status: Int
    var headers: [String: String] = ["Content-Type": "text/html"]
    let sentence: String
    var isTransient = true
    var testDescription: String { "\(status)" }

    var answer: ScriptedScorer.Answer { .raw(status, headers, "<!DOCTYPE html><title>Log in</title>") }
}

@Suite("What is no scorer's answer", .timeLimit(.minutes(5)))
struct UnexpectedAnswerTests {
    static let strangers = [
        Stranger(status: 200, sentence: "it is a web page: is there a login page or a captive portal before it?"),
        Stranger(
            status: 200,
            headers: [:],
            sentence: "another service answers there: is scorer.url right, with its path?"
        ),
        Stranger(
            status: 200,
            headers: ["Replay-Nonce": String(repeating: "a", count: 257)],
            sentence: "another service answers there: is scorer.url right, with its path?"
        ),
        Stranger(
            status: 200,
            headers: ["Replay-Nonce": "a b"],
            sentence: "another service answers there: is scorer.url right, with its path?"
        ),
        Stranger(
            status: 302,
            headers: ["Location": "/login?token=secret"],
            sentence: "it redirects to /login: is scorer.url the address itself, with https:// and its path?"
        ),
        Stranger(
            status: 302,
            headers: ["Location": "https://team.cloudflareaccess.com/cdn-cgi/access/login/a?meta=secret"],
            sentence: "Cloudflare Access wants a service token: name its file in scorer.service_token_file"
        ),
        Stranger(status: 307, headers: [:], sentence: "it redirects to nowhere"),
        Stranger(status: 401, sentence: "something before the scorer wants credentials", isTransient: false),
        Stranger(status: 403, sentence: "something before the scorer wants credentials", isTransient: false),
        Stranger(status: 404, sentence: "is scorer.url right, with its path?", isTransient: false),
        Stranger(status: 407, sentence: "the proxy wants credentials", isTransient: false),
        Stranger(status: 413, sentence: "too large for something before the scorer", isTransient: false),
        Stranger(status: 429, sentence: "something before the scorer is asked too often"),
        Stranger(status: 500, sentence: "see the logs there"),
        Stranger(status: 503, sentence: "see the logs there"),
        Stranger(status: 511, sentence: "the network wants a login first"),
    ]

    @Test("to the question for a nonce is named for what it is", arguments: strangers)
    func nonce(stranger: Stranger) async throws {
        let scorer = try ScriptedScorer(nonce: stranger.answer, [])
        let error = try #require(try await scorer.failure())
        expect(error, stranger)
        #expect(scorer.server.lines == ["GET /v1/nonce"], "a redirection is not followed")
    }

    @Test("to a message is named for what it is, and the next report arrives", arguments: strangers)
    func message(stranger: Stranger) async throws {
        let scorer = try ScriptedScorer([stranger.answer, .good])
        let delivery = Delivery(to: scorer.client, signing: scorer.source.sign) { nil }
        let error = try await #require(throws: DeliveryError.self) { try await delivery.report() }
        if stranger.status == 200, stranger.headers["Content-Type"] == nil {
            #expect(error == .unexpected(status: 200, .malformed("is not JSON")))
        } else {
            expect(error, stranger)
        }
        #expect(try await delivery.report().score.value == 90)
        #expect(!scorer.server.lines.contains { $0.contains("login") })
    }

    private func expect(_ error: DeliveryError, _ stranger: Stranger) {
        let sentence = "the scorer's URL answered \(stranger.status) in a way a scorer does not: "
        #expect(error.description.hasPrefix(sentence))
        #expect(error.description.contains(stranger.sentence), "\(error)")
        #expect(error.isTransient == stranger.isTransient)
        #expect(!error.description.contains("secret"))
    }

    @Test("is not a problem document by its type or its body alone")
    func half() async throws {
        let type = ["Content-Type": "application/problem+json"]
        for answer in [
            ScriptedScorer.Answer.raw(403, type, "no"), .raw(403, [:], try Wire.pretty(Problem(.forbidden))),
            // RFC 9457 is anybody's.
            .raw(403, type, #"{"type":"about:blank","title":"a problem of another program","status":403}"#),
        ] {
            let error = try #require(try await ScriptedScorer([answer]).failure())
            #expect(error == .unexpected(status: 403, .credentials))
        }
    }

    @Test("is no answer: a scorer that cannot be reached, and one that hangs up")
    func noAnswer() async throws {
        let error = try #require(try await ScriptedScorer([.hangUp]).failure())
        #expect(error.isTransient)
        #expect(error.description.hasPrefix("the scorer cannot be reached: http://127.0.0.1:"))
    }
}
