import PostureModel
import Reporting
import Synchronization
import TestSupport
import Testing

@Suite("The nonce of an answer", .timeLimit(.minutes(5)))
struct KeptNonceTests {
    /// A clock that goes when it is told to.
    final class Clock: Sendable {
        private let start = ContinuousClock.now
        private let passed = Mutex(Duration.zero)
        var now: ContinuousClock.Instant { start.advanced(by: passed.withLock { $0 }) }
        func pass(_ seconds: Int) { passed.withLock { $0 += .seconds(seconds) } }
    }

    /// What the scorer is asked for two reports with so many seconds between them.
    func lines(_ answers: [ScriptedScorer.Answer], seconds: Int) async throws -> [String] {
        let (scorer, clock) = (try ScriptedScorer(answers), Clock())
        let delivery = Delivery(
            to: scorer.client,
            signing: scorer.source.sign,
            enrolmentToken: { nil },
            instant: { clock.now }
        )
        _ = try? await delivery.report()
        clock.pass(seconds)
        #expect(try await delivery.report().score.value == 90)
        return scorer.server.lines
    }

    @Test("is the next report's, which then is one round trip")
    func kept() async throws {
        #expect(
            try await lines([.good, .good], seconds: 0) == ["GET /v1/nonce", "POST /v1/reports", "POST /v1/reports"]
        )
        #expect(try await lines([.good, .good], seconds: 239).count == 3)
    }

    @Test("is not used when it is four minutes old")
    func old() async throws {
        let lines = try await lines([.good, .good], seconds: 240)
        #expect(lines == ["GET /v1/nonce", "POST /v1/reports", "GET /v1/nonce", "POST /v1/reports"])
    }

    @Test("is kept of a refusal, too")
    func refusal() async throws {
        #expect(try await lines([.problem(Problem(.malformed)), .good], seconds: 0).count == 3)
    }

    @Test("is replaced once where another report made it old")
    func overtaken() async throws {
        let lines = try await lines([.good, .problem(Problem(.badNonce)), .good], seconds: 0)
        #expect(lines == ["GET /v1/nonce"] + Array(repeating: "POST /v1/reports", count: 3))
    }

    @Test("is used once: after a report that got no answer there is a new one")
    func once() async throws {
        let scorer = try ScriptedScorer([.good, .raw(502, [:], ""), .good])
        let delivery = Delivery(to: scorer.client, signing: scorer.source.sign) { nil }
        _ = try await delivery.report()
        await #expect(throws: DeliveryError.self) { try await delivery.report() }
        #expect(try await delivery.report().score.value == 90)
        #expect(scorer.messages == ["/v1/reports nonce-0", "/v1/reports nonce-1", "/v1/reports nonce-3"])
    }
}
