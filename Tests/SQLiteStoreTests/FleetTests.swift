import GRDB
import PostureModel
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerModel

@Suite("The fleet as a whole")
struct FleetTests {
    let test: TestStore

    init() throws { test = try TestStore() }

    @Test("is counted by the age of the newest reports")
    func counts() async throws {
        #expect(try await test.store.fleet(at: TestStore.now) == Fleet())
        try await test.register(1, 2, 3, 4, 5)
        for (number, age) in [(1, 0), (2, 3599), (3, 3600), (4, 86_400)] as [(Int, Int64)] {
            let report = TestStore.report(number, nonce: 7)
            _ = try await test.store.accept(report, receivedAt: TestStore.now.adding(seconds: -age)) { _ in [] }
        }
        let fleet = try await test.store.fleet(at: TestStore.now)
        #expect([fleet.withinHour, fleet.withinDay, fleet.earlier, fleet.never] == [2, 1, 1, 1])
        #expect(fleet.devices == 5 && fleet.newest == TestStore.now)
    }

    @Test("is counted without reading a report, through an index that has nothing but times")
    func index() async throws {
        let plan = try await test.store.pool.read { database in
            try Row.fetchAll(
                database,
                sql: "EXPLAIN QUERY PLAN \(SQLiteStore.fleetQuery)",
                arguments: ["hour": 1, "day": 0]
            )
            .map { $0["detail"] as String }
        }
        let steps = plan.filter { $0.contains("device") }
        #expect(steps.count == 5)
        for step in steps { #expect(step.hasPrefix("SEARCH device USING COVERING INDEX device_of_receipt"), "\(step)") }
    }
}
