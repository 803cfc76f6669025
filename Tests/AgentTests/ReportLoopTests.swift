import Foundation
import Logging
import PostureModel
import Reporting
import TestSupport
import Testing

@testable import Agent

@Suite("The loop", .timeLimit(.minutes(5)))
struct ReportLoopTests {
    let log = CollectedLog()

    /// Runs the loop for one cycle for each of the scorer's answers, and returns the waits between them.
    func waits(_ answers: [FakeScorer.Answer], interval: Int = 300) async throws -> [Double] {
        let scorer = try FakeScorer(answers)
        let waits = Collected<Double>()
        let loop = ReportLoop(try scorer.delivery(), interval: interval, logger: log.logger) { seconds in
            waits.add(seconds)
            if waits.all.count == answers.count { throw CancellationError() }
        }
        await loop.run { log.states.add("\($0)") }
        return waits.all
    }

    @Test("logs one line for a change of state, and not one for each cycle")
    func changes() async throws {
        let answers: [FakeScorer.Answer] =
            Array(repeating: .score(90), count: 3) + Array(repeating: .status(503), count: 3) + [
                .score(90), .score(70),
            ]
        _ = try await waits(answers + [.score(70)])
        #expect(
            log.lines.all == [
                "notice: reported, score 90",
                "warning: cannot report; will try again, reason the scorer's URL answered 503 in a way a scorer does "
                    + "not: see the logs there",
                "notice: reported, score 90",
                "notice: reported, score 70",
            ]
        )
        #expect(log.states.all.count == answers.count + 1)
        #expect(log.states.all.first?.hasPrefix("score 90, next report in ") == true)
        #expect(log.states.all.contains { $0.hasPrefix("not reported: the scorer's URL answered 503") })
    }

    @Test("waits as long as the scorer asks, a tenth more or less, from ten seconds to a day")
    func steered() async throws {
        for (asked, meant) in [(300, 300.0), (0, 10), (-5, 10), (60, 60), (Int.max, 86_400), (Int.min, 10)] {
            let waits = try await waits([.score(90, nextReportIn: asked), .score(90, nextReportIn: asked)])
            #expect(waits.count == 2)
            #expect(waits.allSatisfy { (meant * 0.9...meant * 1.1).contains($0) }, "\(asked): \(waits)")
        }
    }

    @Test("backs off while the scorer is away, and starts anew after a success")
    func backoff() async throws {
        let failures = [FakeScorer.Answer](repeating: .status(503), count: 9)
        let waits = try await waits(failures + [.score(90)] + failures)
        for round in [waits.prefix(9), waits.suffix(9)] {
            for (wait, limit) in zip(round, [5.0, 10, 20, 40, 80, 160, 320, 640, 900]) {
                #expect((0...limit).contains(wait), "\(waits)")
            }
        }
    }

    @Test("does not hurry where trying again cannot help")
    func permanent() async throws {
        let waits = try await waits([.problem(.forbidden), .problem(.malformed), .status(404)], interval: 1000)
        #expect(waits.count == 3)
        #expect(waits.allSatisfy { (900...1100).contains($0) }, "\(waits)")
    }

    @Test("ends at once when it is cancelled while it waits")
    func cancelled() async throws {
        let scorer = try FakeScorer([.score(90)])
        let (isWaiting, continuation) = AsyncStream.makeStream(of: Void.self)
        let loop = ReportLoop(try scorer.delivery(), interval: 300, logger: log.logger) { _ in
            continuation.yield()
            try await Task.sleep(for: .seconds(3600))
        }
        let task = Task { await loop.run { _ in } }
        for await _ in isWaiting { break }
        let start = ContinuousClock.now
        task.cancel()
        await task.value
        #expect(start.duration(to: .now) < .seconds(40))
        #expect(scorer.server.lines.count == 2)
    }

    @Test("ends without a report or a line where the source is cancelled")
    func cancelledSource() async throws {
        struct Cancelled: MessageSource {
            func sign(_: SigningRequest, nonce: String, audience: String) async throws -> SignedMessage {
                throw CancellationError()
            }
        }
        let scorer = try FakeScorer([])
        let client = ScorerClient(audience: scorer.server.url, userAgent: "test")
        let delivery = Delivery(to: client, from: Cancelled()) { nil }
        await ReportLoop(delivery, interval: 300, logger: log.logger) { _ in }.run { log.states.add("\($0)") }
        #expect(log.lines.all.isEmpty)
        #expect(log.states.all.isEmpty)
    }
}
