import DeviceIdentity
import GRDB
import PostureModel
import ScorerModel
import ScorerStore
import StoreConformance
import TestSupport
import Testing

@testable import SQLiteStore

/// SQLite plans a statement by what it knows of the tables, and a database of a scorer has no statistics.
///
/// So a statement that is quick on a small fleet may walk through a large one; what it will do is written in its plan.
@Suite("The statements of each request")
struct QueryPlanTests {
    let statements = Collected<String>()
    let test: TestStore

    init() throws { test = try TestStore { [statements] in statements.add($0) } }

    /// The statements of a task, one by one.
    func traced(_ body: () async throws -> Void) async throws -> [String] {
        let before = statements.all.count
        try await body()
        return Array(statements.all.dropFirst(before))
    }

    @Test("find what they need by keys, in a database without statistics")
    func plans() async throws {
        let store = test.store
        let item = InventoryItem(serial: "pf0fake1", certificateName: nil, tag: nil)
        _ = try await store.commit([.importInventory([item], replacing: false, at: TestStore.now)])
        let all = try await traced {
            try await test.register(1, 2, 3)
            _ = try await store.commit([
                .addToken(TestStore.token(uses: 2)), .useToken(hash: "token", at: TestStore.now),
            ])
            // Reports: first ones, others, identifiers that several claim, stronger claims, a replay.
            for (index, number) in [1, 2, 1, 3, 2].enumerated() {
                let verdict = CheckVerdict(
                    id: "corp",
                    level: .proven,
                    reason: "",
                    chain: [.init(issuerKey: "k", serialNumber: "1")]
                )
                let report = SampleDevice.verified(
                    number,
                    nonce: Int64(index),
                    serial: index < 3 ? "PF0FAKE1" : "PF0FAKE\(index)",
                    warpIDs: (0...index).map { "w\($0)" },
                    checks: index % 2 == 0 ? [] : [verdict]
                )
                try await test.accept(report)
            }
            await #expect(throws: IngestRefusal.stale) { try await test.accept(SampleDevice.verified(1, nonce: 0)) }
            let asked = (0..<1000).flatMap { [Identifier(.warp, "w\($0)"), Identifier(.serial, "PF0FAKE\($0)")] }
            _ = try await store.load(.init(identifiers: Set(asked.compactMap { $0 }), claimants: 4))
            _ = try await store.key(of: SampleDevice.id(1))
            _ = try await store.blocks(of: SampleDevice.id(1))
            _ = try await store.devices([SampleDevice.id(1)])
            for kind in [DeviceName.Kind.serial, .hostname] {
                _ = try await store.devices(named: "pf0fake1", kind, limit: 9)
            }
            _ = try await store.clones(limit: 9)
            let waiver = Waiver(
                device: SampleDevice.id(1),
                rule: "a",
                expiresAt: TestStore.now,
                reason: "r",
                createdBy: "c",
                createdAt: TestStore.now
            )
            let id = waiver.device
            let row = UnmatchedDevice(
                warpID: "w",
                serial: "s",
                hostname: "h",
                email: "e",
                ipv4: "i",
                reason: "r",
                firstAt: TestStore.now,
                lastAt: TestStore.now
            )
            try await store.remember([row])
            _ = try await store.unmatched(limit: 9)
            _ = try await store.beat(at: TestStore.now, tolerance: 120)
            _ = try await store.nonceKeys()
            _ = try await store.settingText("policy")
            _ = try await store.commit([.waive(waiver), .removeWaiver(id, rule: "a"), .unblock(id)])
            let version = try await test.record(1)?.version ?? 0
            let deletion = try await store.commit([.deleteDevice(id, version: version)])
            #expect(deletion == .committed)
        }
        let statements = Set(all)
        #expect(statements.count > 40, "the trace sees what is run")
        for table in ["device ", "claim ", "inventory ", "block ", "waiver ", "enrolment_token ", "device_name "] {
            #expect(statements.contains { $0.contains(table) }, "nothing was done with \(table)")
        }
        let statistics = "SELECT name FROM sqlite_schema WHERE name LIKE 'sqlite_stat%'"
        #expect(try runTool("sqlite3", [test.path, statistics]).text == "")
        for statement in statements {
            let plan = try runTool("sqlite3", [test.path, "EXPLAIN QUERY PLAN \(statement)"]).text
            for line in plan.split(separator: "\n") {
                let line = String(line.drop { " |`-".contains($0) })
                if let flaw = QueryPlan.flaw(of: line) { Issue.record("\(line): \(flaw):\n\(statement)") }
            }
        }
    }

    @Test("would be seen to walk through a table, or to look by a kind alone")
    func flaws() {
        #expect(QueryPlan.flaw(of: "SCAN device") != nil)
        #expect(QueryPlan.flaw(of: "SCAN claim USING COVERING INDEX claim_of_device") != nil)
        #expect(QueryPlan.flaw(of: "SEARCH claim USING PRIMARY KEY (kind=?)") != nil)
        #expect(QueryPlan.flaw(of: "SEARCH device USING COVERING INDEX device_of_receipt (received_at>?)") != nil)
        #expect(QueryPlan.flaw(of: "SEARCH claim USING INDEX claim_of_device (device=? AND kind=?)") == nil)
        #expect(QueryPlan.flaw(of: "SEARCH claim USING PRIMARY KEY (kind=? AND value=?)") == nil)
        #expect(QueryPlan.flaw(of: "SCAN a VIRTUAL TABLE INDEX 1:") == nil)
        #expect(QueryPlan.flaw(of: "SCAN nonce_key") == nil)
    }

    @Test("count the fleet through an index that has nothing but times")
    func counts() async throws {
        let plan = try await test.store.pool.read { database in
            try Row.fetchAll(
                database,
                sql: "EXPLAIN QUERY PLAN \(SQLiteStore.countQuery)",
                arguments: ["hour": 1, "day": 0]
            )
            .map { $0["detail"] as String }
        }
        let steps = plan.filter { $0.contains("device") }
        #expect(steps.count == 5)
        for step in steps { #expect(step.hasPrefix("SEARCH device USING COVERING INDEX device_of_receipt"), "\(step)") }
    }

    @Test("are few for a report that claims what it did before, and no more for a thousand rows than for one")
    func number() async throws {
        func report(_ nonce: Int64) -> VerifiedReport {
            SampleDevice.verified(1, nonce: nonce, serial: "PF0FAKE1", warpIDs: ["w1", "w2"])
        }
        try await test.register(1)
        try await test.accept(report(1))
        let identifiers = Set(ReportedClaims.identifiers(of: report(2).report))
        var snapshot = Snapshot()
        let load = try await traced {
            snapshot = try await test.store.load(.init(devices: [SampleDevice.id(1)], identifiers: identifiers))
        }
        let decision = try decide(report(2), receivedAt: TestStore.now, over: snapshot)
        #expect(decision.claims.isEmpty)
        let commit = try await traced {
            let names = DeviceName.all(of: report(2).report)
            let outcome = try await test.store.commit([.report(decision.record, names: names)])
            #expect(outcome == .committed)
        }
        // A transaction and a savepoint, the device, its payload, and a look at its names.
        #expect(commit.count == 7, "\(commit)")
        // A transaction, claims of three kinds, the device and its claims, blocks of two kinds, waivers, and the inventory.
        #expect(load.count == 12, "\(load)")
        let one = try await traced {
            _ = try await test.store.load(.init(identifiers: identifiers, claimants: 4))
        }
        let many = try await traced {
            let asked = (0..<1000).compactMap { Identifier(.warp, "w\($0)") }
            _ = try await test.store.load(.init(identifiers: identifiers.union(asked), claimants: 4))
        }
        #expect(many.count == one.count)
    }
}
