import PostureModel
import Reporting
import TestSupport
import Testing

@Suite("A delivery", .timeLimit(.minutes(5)))
struct DeliveryTests {
    @Test("fetches a nonce and sends one report")
    func plain() async throws {
        let scorer = try ScriptedScorer([.good])
        #expect(try await scorer.report().score.value == 90)
        #expect(scorer.server.lines == ["GET /v1/nonce", "POST /v1/reports"])
        #expect(scorer.messages == ["/v1/reports nonce-0"])
        let headers = scorer.server.requests.last?.headers
        #expect(headers?["content-type"] == "application/jose+json")
        #expect(headers?["user-agent"] == "postured/test")
    }

    @Test("tries again with the refusal's nonce where its own is not good")
    func badNonce() async throws {
        let scorer = try ScriptedScorer([.problem(Problem(.badNonce)), .good])
        #expect(try await scorer.report().score.value == 90)
        #expect(scorer.server.lines == ["GET /v1/nonce", "POST /v1/reports", "POST /v1/reports"])
        #expect(scorer.messages == ["/v1/reports nonce-0", "/v1/reports nonce-1"])
    }

    @Test("tries again only once")
    func badNonceTwice() async throws {
        let problem = Problem(.badNonce, "still not")
        let scorer = try ScriptedScorer([.problem(problem), .problem(problem), .good])
        #expect(try await scorer.failure() == .refused(problem))
        #expect(scorer.messages.count == 2)
    }

    @Test("registers a device that is not known, and then reports")
    func registration() async throws {
        let scorer = try ScriptedScorer([.problem(Problem(.unknownDevice)), .registered, .good])
        #expect(try await scorer.report(token: "token-1").score.value == 90)
        #expect(scorer.messages == ["/v1/reports nonce-0", "/v1/devices nonce-1", "/v1/reports nonce-2"])
        #expect(scorer.source.requests.all == [.report, .registration(token: "token-1"), .report])
    }

    @Test("retries a nonce that is not good in the registration, too")
    func registrationNonce() async throws {
        let scorer = try ScriptedScorer(
            [.problem(Problem(.unknownDevice)), .problem(Problem(.badNonce)), .registered, .good]
        )
        #expect(try await scorer.report().score.value == 90)
        #expect(scorer.source.requests.all.count == 4)
    }

    @Test("ends where the registration is refused, or changes nothing")
    func refusedRegistration() async throws {
        let (unknown, refused) = (Problem(.unknownDevice), Problem(.enrolmentRefused, "the token is used up"))
        let first = try ScriptedScorer([.problem(unknown), .problem(refused), .good])
        #expect(try await first.failure() == .refused(refused))
        #expect(first.messages.count == 2)
        let second = try ScriptedScorer([.problem(unknown), .registered, .problem(unknown), .good])
        #expect(try await second.failure() == .refused(unknown))
        #expect(second.messages.count == 3)
    }

    @Test("asks for the token only when it is needed, and says why there is none")
    func token() async throws {
        struct Unreadable: Error {}
        let known = try ScriptedScorer([.good])
        _ = try await Delivery(to: known.client, signing: known.source.sign) { throw Unreadable() }.report()
        let unknown = try ScriptedScorer([.problem(Problem(.unknownDevice))])
        await #expect(throws: Unreadable.self) {
            try await Delivery(to: unknown.client, signing: unknown.source.sign) { throw Unreadable() }.report()
        }
    }

    @Test("hands on every problem of the scorer's, in its words", arguments: Problem.Kind.allCases)
    func problems(kind: Problem.Kind) async throws {
        let problem = Problem(kind, "because of that")
        let answers = kind == .unknownDevice ? 2 : kind == .badNonce ? 2 : 1
        let scorer = try ScriptedScorer(Array(repeating: .problem(problem), count: answers))
        let error = try #require(try await scorer.failure())
        #expect(error == .refused(problem))
        #expect(error.description.hasPrefix("the scorer refused: \(kind.title): because of that"))
        #expect(error.isTransient == ([.unavailable, .badNonce, .tooManyRequests].contains(kind)))
        #expect(error.description.contains("enrolment_token_file") == (kind == .enrolmentRefused))
    }

    @Test("hands on a problem that comes instead of a nonce")
    func nonceProblem() async throws {
        let problem = Problem(.unavailable, "the store does not answer")
        let scorer = try ScriptedScorer(nonce: .problem(problem), [])
        let error = try #require(try await scorer.failure())
        #expect(error == .refused(problem))
        #expect(error.isTransient)
    }
}
