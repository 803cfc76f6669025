import PostureModel
import ScorerModel
import ScorerTestSupport
import Synchronization
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerCore

@Suite("Time in which the scorer was not receiving")
struct OutageTrackerTests {
    let directory: TemporaryDirectory
    let store: SQLiteStore

    init() throws {
        directory = try TemporaryDirectory("uptime")
        store = try SQLiteStore(path: directory.file("scorer.sqlite"))
    }

    func moment(_ seconds: Int64) -> Timestamp { TestClock.start.adding(seconds: seconds) }

    /// A scorer that ran until `stop`, and one that starts then at `start`.
    func restarted(stop: Int64, start: Int64) async throws -> OutageTracker {
        try await OutageTracker(store: store).recordHeartbeat(at: moment(stop))
        let outageTracker = OutageTracker(store: store)
        try await outageTracker.recordHeartbeat(at: moment(start))
        return outageTracker
    }

    @Test(
        "does not count in a report's age, as far as it was after its receipt",
        arguments: [
            (0, 10_000, 2000), (1000, 10_000, 1000), (5000, 10_000, 1000), (9500, 10_000, 500), (0, 5000, 1000),
            (0, 500, 500),
        ] as [(Int64, Int64, Int64)]
    )
    func age(receipt: Int64, now: Int64, age: Int64) async throws {
        let outageTracker = try await restarted(stop: 1000, start: 9000)
        #expect(await outageTracker.age(of: moment(receipt), at: moment(now)) == age)
    }

    @Test("is not what a restart takes")
    func restart() async throws {
        let outageTracker = try await restarted(stop: 1000, start: 1000 + OutageTracker.toleratedGap)
        #expect(await outageTracker.age(of: moment(0), at: moment(2000)) == 2000)
        #expect(await outageTracker.gracePeriodEnd(reportInterval: 300, at: moment(1301)) == nil)
    }

    @Test("is followed by one report interval in which agents can report")
    func recovery() async throws {
        let outageTracker = try await restarted(stop: 1000, start: 9000)
        #expect(await outageTracker.gracePeriodEnd(reportInterval: 300, at: moment(9000)) == moment(9300))
        #expect(await outageTracker.gracePeriodEnd(reportInterval: 300, at: moment(9299)) == moment(9300))
        #expect(await outageTracker.gracePeriodEnd(reportInterval: 300, at: moment(9300)) == nil)
        #expect(
            await outageTracker.gracePeriodEnd(reportInterval: 300, at: moment(500)) == nil,
            "a clock that was set back waits for nothing"
        )
    }

    @Test("is not what a clock that is set takes while the scorer runs")
    func clockSet() async throws {
        let outageTracker = OutageTracker(store: store)
        try await outageTracker.recordHeartbeat(at: moment(0))
        try await outageTracker.recordHeartbeat(at: moment(100 * 86_400))
        #expect(await outageTracker.age(of: moment(0), at: moment(100 * 86_400)) == 100 * 86_400)
        try await outageTracker.recordHeartbeat(at: moment(60))
        #expect(await outageTracker.age(of: moment(0), at: moment(60)) == 60)
    }

    @Test("is none for a scorer that never ran")
    func first() async throws {
        let outageTracker = OutageTracker(store: store)
        try await outageTracker.recordHeartbeat(at: moment(0))
        #expect(await outageTracker.gracePeriodEnd(reportInterval: 300, at: moment(0)) == nil)
    }
}
