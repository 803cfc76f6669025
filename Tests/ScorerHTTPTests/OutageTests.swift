import PostureModel
import SQLiteStore
import ScorerModel
import ScorerTestSupport
import Synchronization
import Testing

@testable import ScorerCore

@Suite("An outage of a scorer that served")
struct OutageTests {
    @Test("begins with a sign of life at the scorer's end, which writes whom it was asked about in vain, too")
    func end() async throws {
        let scorer = Mutex<ScorerHarness?>(nil)
        try await ScorerHarness.run { running in
            scorer.withLock { $0 = running }
            _ = try await running.store.beat(at: running.clock.now, tolerance: OutageTracker.toleratedGap)
            running.clock.advance(seconds: 20)
            #expect(try await running.score(of: "warp-of-nobody") == 0)
        }
        let ended = try #require(scorer.withLock { $0 })
        #expect(try await ended.store.unmatched(limit: 10).map(\.warpID) == ["warp-of-nobody"])
        _ = try await ended.store.beat(
            at: ended.clock.now.adding(seconds: OutageTracker.toleratedGap),
            tolerance: OutageTracker.toleratedGap
        )
        #expect(try await ended.store.outages() == [], "the last sign of life is of the end")
    }
}
