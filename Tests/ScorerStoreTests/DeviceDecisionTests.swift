import PostureModel
import ScorerModel
import TestSupport
import Testing

@testable import ScorerStore

@Suite("A decision")
struct DeviceDecisionTests {
    /// A store of which each commit has the next of these outcomes.
    actor Scripted: DeviceStore {
        private(set) var outcomes: [CommitOutcome]
        private(set) var loads = 0

        init(_ outcomes: [CommitOutcome]) { self.outcomes = outcomes }

        func load(_ request: Snapshot.Request) -> Snapshot {
            loads += 1
            var snapshot = Snapshot()
            snapshot.registrations = ["loads": loads]
            return snapshot
        }

        func commit(_ commits: [Commit]) -> [CommitOutcome] { commits.map { _ in outcomes.removeFirst() } }

        func keys(of device: DeviceID) -> [JWK]? { nil }

        func records(after: DeviceID?, limit: Int) -> [DeviceRecord] { [] }
    }

    struct Refused: Error {}

    @Test("is made again from a new snapshot as long as something moves")
    func again() async throws {
        let store = Scripted([.conflict, .conflict, .committed])
        let loads = try await store.decide(from: .init()) { (Commit([]), $0.registrations["loads"]) }
        #expect(loads == 3)
    }

    @Test("is given up after so many attempts, which differs from a report that is stale")
    func givenUp() async throws {
        let store = Scripted([.conflict, .conflict, .conflict, .committed])
        await #expect(throws: DecisionError.conflict) {
            try await store.decide(attempts: 3, from: .init()) { _ in (Commit([]), ()) }
        }
        #expect(await store.loads == 3)
        await #expect(throws: DecisionError.stale) {
            try await Scripted([.conflict, .stale]).decide(from: .init()) { _ in (Commit([]), ()) }
        }
    }

    @Test("that changes nothing commits nothing, and one that is refused is not made again")
    func nothing() async throws {
        let store = Scripted([])
        #expect(try await store.decide(from: .init()) { _ in (nil, 7) } == 7)
        await #expect(throws: Refused.self) {
            try await store.decide(from: .init()) { _ -> (commit: Commit?, result: Int) in throw Refused() }
        }
        #expect(await store.loads == 2)
    }

    @Test("that is cancelled while it waits ends")
    func cancelled() async throws {
        let store = Scripted(Array(repeating: .conflict, count: 100))
        let task = Task { try await store.decide(attempts: 100, from: .init()) { _ in (Commit([]), ()) } }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
