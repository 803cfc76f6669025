import Logging
import PostureModel
import ScorerModel
import ScorerStore
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerCore

@Suite("A change that would fail many devices")
struct ChangeGateTests {
    let directory: TemporaryDirectory
    let store: SQLiteStore
    let log = LogLines()

    init() throws {
        directory = try TemporaryDirectory("held")
        store = try SQLiteStore(path: directory.file("scorer.sqlite"))
    }

    func gate() -> ChangeGate<Int> {
        ChangeGate(.policy, .init(digest: "1", value: 1), store: store, logger: log.logger)
    }

    func propose(_ value: Int, to gate: ChangeGate<Int>, passing: Int, failing: Int, again: Bool = false) async throws
        -> Int
    {
        try await gate.propose(.init(digest: "\(value)", value: value), again: again, percent: 10, at: TestClock.start)
        {
            _,
            _ in
            Impact(passing: passing, failing: failing)
        }
    }

    @Test(
        "is held: more than so many percent of those that pass, and more than four",
        arguments: [(100, 10, false), (100, 11, true), (40, 5, true), (20, 4, false), (4, 4, false), (0, 0, false)]
    )
    func limit(passing: Int, failing: Int, waits: Bool) async throws {
        let gate = gate()
        #expect(try await propose(2, to: gate, passing: passing, failing: failing) == (waits ? 1 : 2))
        #expect((try await store.value(of: .pending(.policy)) != nil) == waits)
    }

    @Test("is in force once it was approved, and no other is")
    func approved() async throws {
        let gate = gate()
        _ = try await propose(2, to: gate, passing: 100, failing: 50)
        let operators = OperatorCommands(store: store, actor: "a test", logger: log.logger, at: TestClock.start)
        let waiting = try #require(try await operators.pendingChanges().first)
        #expect(waiting.subject == .policy && waiting.impact == Impact(passing: 100, failing: 50))
        _ = try await operators.approveChanges()
        #expect(try await propose(3, to: gate, passing: 100, failing: 50, again: true) == 1)
        #expect(try await propose(2, to: gate, passing: 100, failing: 50, again: true) == 2)
        #expect(try await operators.pendingChanges() == [])
        await #expect(throws: OperatorError.self) { try await operators.approveChanges() }
        #expect(try await propose(1, to: gate, passing: 100, failing: 0) == 1)
        #expect(try await propose(2, to: gate, passing: 100, failing: 50) == 1, "an approval is for once")
    }

    @Test("does not wait any more in a scorer that starts with it taken back")
    func restarted() async throws {
        _ = try await propose(2, to: gate(), passing: 100, failing: 50)
        #expect(try await store.value(of: .pending(.policy)) != nil)
        try await gate().clearStaleHold()
        #expect(try await store.value(of: .pending(.policy)) == nil)
    }

    @Test("is said once, judged again when asked to, and forgotten when it is taken back")
    func takenBack() async throws {
        let gate = gate()
        for _ in 0..<3 { #expect(try await propose(2, to: gate, passing: 100, failing: 50) == 1) }
        #expect(log.all.filter { $0.contains("a change waits for approval") }.count == 1)
        #expect(try await propose(2, to: gate, passing: 100, failing: 0) == 1, "it is not judged at every question")
        #expect(try await propose(1, to: gate, passing: 100, failing: 50) == 1)
        #expect(try await store.value(of: .pending(.policy)) == nil)
        #expect(try await propose(2, to: gate, passing: 100, failing: 50) == 1)
        #expect(try await propose(2, to: gate, passing: 100, failing: 0, again: true) == 2)
    }
}
