import Logging
import PostureModel
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerCore

@Suite("A change that would fail many devices")
struct HeldChangeTests {
    let directory: TemporaryDirectory
    let store: SQLiteStore
    let log = LogLines()

    init() throws {
        directory = try TemporaryDirectory("held")
        store = try SQLiteStore(path: directory.file("scorer.sqlite"))
    }

    func guarded() -> Guarded<Int> { Guarded("policy", .init(id: "1", value: 1), store: store, logger: log.logger) }

    func offer(_ value: Int, to guarded: Guarded<Int>, passing: Int, failing: Int, again: Bool = false) async throws
        -> Int
    {
        try await guarded.offer(.init(id: "\(value)", value: value), again: again, percent: 10, at: TestClock.start) {
            _,
            _ in
            Effect(passing: passing, failing: failing)
        }
    }

    @Test(
        "is held: more than so many percent of those that pass, and more than four",
        arguments: [(100, 10, false), (100, 11, true), (40, 5, true), (20, 4, false), (4, 4, false), (0, 0, false)]
    )
    func limit(passing: Int, failing: Int, isHeld: Bool) async throws {
        let guarded = guarded()
        #expect(try await offer(2, to: guarded, passing: passing, failing: failing) == (isHeld ? 1 : 2))
        #expect((try await store.setting("held.policy") != nil) == isHeld)
    }

    @Test("is in force once it was confirmed, and no other is")
    func confirmed() async throws {
        let guarded = guarded()
        _ = try await offer(2, to: guarded, passing: 100, failing: 50)
        let operators = Operators(store: store, actor: "a test", logger: log.logger, at: TestClock.start)
        #expect(
            try await operators.held().first?.hasPrefix("policy: 50 of the 100 devices that pass would fail") == true
        )
        _ = try await operators.confirmHeld()
        #expect(try await offer(3, to: guarded, passing: 100, failing: 50, again: true) == 1)
        #expect(try await offer(2, to: guarded, passing: 100, failing: 50, again: true) == 2)
        #expect(try await operators.held() == [])
        await #expect(throws: OperatorError.self) { try await operators.confirmHeld() }
        #expect(try await offer(1, to: guarded, passing: 100, failing: 0) == 1)
        #expect(try await offer(2, to: guarded, passing: 100, failing: 50) == 1, "a confirmation is for once")
    }

    @Test("is not held any more by a scorer that starts with it taken back")
    func restarted() async throws {
        _ = try await offer(2, to: guarded(), passing: 100, failing: 50)
        #expect(try await store.setting("held.policy") != nil)
        try await guarded().settle()
        #expect(try await store.setting("held.policy") == nil)
    }

    @Test("is said once, judged again when asked to, and forgotten when it is taken back")
    func takenBack() async throws {
        let guarded = guarded()
        for _ in 0..<3 { #expect(try await offer(2, to: guarded, passing: 100, failing: 50) == 1) }
        #expect(log.all.filter { $0.contains("a change is held") }.count == 1)
        #expect(try await offer(2, to: guarded, passing: 100, failing: 0) == 1, "it is not judged at every question")
        #expect(try await offer(1, to: guarded, passing: 100, failing: 50) == 1)
        #expect(try await store.setting("held.policy") == nil)
        #expect(try await offer(2, to: guarded, passing: 100, failing: 50) == 1)
        #expect(try await offer(2, to: guarded, passing: 100, failing: 0, again: true) == 2)
    }
}
