import PostureModel
import SampleFleet
import ScorerModel
import ScorerStore
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("A store that is filled with a fleet")
struct SampleFleetTests {
    let statements = Collected<String>()
    let test: TestStore

    init() throws { test = try TestStore { [statements] in statements.add($0) } }

    @Test("has all that a scorer's has, every report can be read, and it is filled by keys")
    func content() async throws {
        try await SampleFleet(count: 1000, seed: 4, now: TestStore.now).fill(test.store)
        try expectGoodPlans(of: Set(statements.all))
        let store = test.store
        let counts = try await store.counts(at: TestStore.now)
        #expect(counts.devices == 1000)
        #expect(counts.never > 0 && counts.earlier > 0 && counts.withinDay > 0)
        let records = try await store.records(after: nil, limit: 2000)
        #expect(records.count == 1000 - counts.never)
        for record in records { #expect(try record.newest?.verified().report.device == record.device) }
        #expect(records.contains { !$0.blocks.isEmpty })
        #expect(records.contains { !$0.waivers.isEmpty })
        #expect(records.contains { $0.inventory != nil })
        #expect(records.contains { $0.serial == nil })
        #expect(records.contains { !$0.claims(.key).isEmpty && !$0.failingSince.isEmpty })
        #expect(records.contains { $0.use != nil } && records.contains { !$0.tags.isEmpty })
        #expect(try await !store.conflicts(limit: 9).isEmpty)
        #expect(try await !store.noticeCounts().isEmpty)
        #expect(try await !store.linkCounts(askedSince: TestStore.now.adding(seconds: -3600)).rows.isEmpty)
        #expect(try await store.unmatched(limit: 100).count == 20)
        #expect(try await store.tokens(limit: 9).count == 3)
        #expect(try await !store.audit(limit: 9, before: nil).isEmpty)
        await #expect(throws: SampleFleetError.notEmpty) {
            try await SampleFleet(count: 1, seed: 1, now: TestStore.now).fill(store)
        }
    }

    @Test("is the same for the same seed, and another for another")
    func seed() async throws {
        func dump(_ seed: UInt64) async throws -> String {
            let test = try TestStore()
            try await SampleFleet(count: 100, seed: seed, now: TestStore.now).fill(test.store)
            return try test.dump()
        }
        let first = try await dump(1)
        #expect(try await dump(1) == first)
        #expect(try await dump(2) != first)
    }

    /// Expects that no statement walks through a table, but for the counts that hold a limit.
    private func expectGoodPlans(of statements: Set<String>) throws {
        let statements = statements.filter { statement in
            ["SELECT", "INSERT", "UPDATE", "DELETE"].contains(statement.prefix(6)) && !statement.contains("COUNT(*)")
                && !statement.contains(" audit ")
        }
        #expect(statements.count > 20)
        for statement in statements {
            let plan = try runTool("sqlite3", [test.path, "EXPLAIN QUERY PLAN \(statement)"]).text
            for line in plan.split(separator: "\n") {
                let line = String(line.drop { " |`-".contains($0) })
                if let flaw = QueryPlan.flaw(of: line) { Issue.record("\(line): \(flaw):\n\(statement)") }
            }
        }
    }
}
