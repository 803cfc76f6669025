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
                    key: "key",
                    proves: true,
                    reason: ""
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
            await #expect(throws: DecisionError.stale) { try await test.accept(SampleDevice.verified(1, nonce: 0)) }
            let asked = (0..<1000).flatMap { [Identifier(.warp, "w\($0)"), Identifier(.serial, "PF0FAKE\($0)")] }
            _ = try await store.load(.init(identifiers: Set(asked.compactMap { $0 }), claimants: 4))
            _ = try await store.keys(of: SampleDevice.id(1))
            _ = try await store.blocks(of: SampleDevice.id(1))
            _ = try await store.devices([SampleDevice.id(1)])
            for kind in [DeviceName.Kind.serial, .hostname] {
                _ = try await store.devices(named: "pf0fake1", kind, limit: 9)
            }
            try await identityStatements(of: store)
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
            try await store.remember([row], matched: [])
            try await store.remember([row], matched: ["w", "v"])
            _ = try await store.unmatched(limit: 9)
            _ = try await store.beat(at: TestStore.now, tolerance: 120)
            _ = try await store.nonceKeys()
            _ = try await store.settingText("policy")
            _ = try await store.commit([.waive(waiver), .removeWaiver(id, rule: "a"), .unblock(id)])
            let version = try await test.record(1)?.version ?? 0
            let deletion = try await store.commit([.deleteDevice(id, version: version)])
            #expect(deletion == .committed)
        }
        // How many lines there are holds a limit of an import.
        let statements = Set(all).subtracting(["SELECT COUNT(*) FROM inventory"])
        #expect(statements.count > 40, "the trace sees what is run")
        let tables = [
            "device ", "claim ", "inventory ", "block ", "waiver ", "enrolment_token ", "device_name ", "device_tag ",
            "identity_notice ", "row_in_use ",
        ]
        for table in tables {
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

    /// Runs what writes and lists tags, notices and rows in use.
    func identityStatements(of store: SQLiteStore) async throws {
        let id = SampleDevice.id(1)
        let item = InventoryItem(serial: "pf0fake1", certificateName: nil, tag: "it")
        let use = RowUse(device: id, row: "w1", kind: .warp, strength: .reported, agreeing: [], askedAt: TestStore.now)
        let outcome = try await store.commit([
            .importInventory([item], replacing: false, at: TestStore.now), .requireInventory(version: 2),
            .tag(id, [DeviceTag("it", .inventory(serial: "pf0fake1")), DeviceTag("it", .certificate)]),
            .untag(id, names: ["it"]), .notice(IdentityNotice(.lending, of: id, since: TestStore.now)),
            .use(id, use, insteadOf: nil), .use(id, use, insteadOf: "w1"),
            .importInventory(
                [InventoryItem(serial: "pf0fake1", certificateName: nil, tag: nil)],
                replacing: false,
                at: TestStore.now
            ),
        ])
        #expect(outcome == .committed)
        #expect(try await store.notices(Set(IdentityNotice.Kind.allCases), limit: 9).count == 1)
        #expect(try await store.commit([.clearNotices(id), .use(id, nil, insteadOf: "w1")]) == .committed)
        _ = try await store.keep(StoredCRL(issuerKey: "k", thisUpdate: TestStore.now, der: [1]))
    }

    @Test("would be seen to walk through a table, or to look by a kind alone")
    func flaws() {
        #expect(QueryPlan.flaw(of: "SCAN device") != nil)
        #expect(QueryPlan.flaw(of: "SCAN claim USING COVERING INDEX claim_of_device") != nil)
        #expect(QueryPlan.flaw(of: "SEARCH claim USING PRIMARY KEY (kind=?)") != nil)
        #expect(QueryPlan.flaw(of: "SEARCH device_tag USING INDEX device_tag_of_line (origin=?)") != nil)
        #expect(QueryPlan.flaw(of: "SEARCH device USING COVERING INDEX device_of_receipt (received_at>?)") != nil)
        #expect(QueryPlan.flaw(of: "SEARCH claim USING INDEX claim_of_device (device=? AND kind=?)") == nil)
        #expect(QueryPlan.flaw(of: "SEARCH claim USING PRIMARY KEY (kind=? AND value=?)") == nil)
        #expect(QueryPlan.flaw(of: "SCAN a VIRTUAL TABLE INDEX 1:") == nil)
        #expect(QueryPlan.flaw(of: "SCAN nonce_key") == nil)
    }

    @Test("count the fleet through indexes that have nothing else")
    func counts() async throws {
        let queries: [(String, StatementArguments, [String])] = [
            (
                SQLiteStore.countQuery, ["hour": 1, "day": 0],
                Array(repeating: "SEARCH device USING device_of_receipt", count: 6)
            ),
            (SQLiteStore.linkQuery, [0], ["SEARCH row_in_use USING row_in_use_by_time"]),
            (SQLiteStore.readingQuery, [], ["SEARCH device USING device_of_warp"]),
            (
                SQLiteStore.unlinkedQuery, ["cannot_tell", 0],
                ["SEARCH d USING device_of_warp", "SEARCH u USING PRIMARY KEY"]
            ),
            (SQLiteStore.conflictQuery, [9], ["SCAN claim USING claim_in_conflict"]),
            (SQLiteStore.conflictCountQuery, [], ["SCAN claim USING claim_in_conflict"]),
            (SQLiteStore.noticeCountQuery, [], ["SCAN identity_notice USING identity_notice_by_time"]),
            (SQLiteStore.noticeQuery, ["lending", 9], ["SEARCH identity_notice USING identity_notice_by_time"]),
        ]
        for (query, arguments, expected) in queries {
            let plan = try await test.store.pool.read { database in
                try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN \(query)", arguments: arguments)
                    .map { $0["detail"] as String }
            }
            let steps = plan.filter { $0.hasPrefix("SEARCH") || $0.hasPrefix("SCAN") }
                .filter { !$0.hasSuffix(" c") && !$0.contains("CONSTANT") }
            #expect(steps.count == expected.count, "\(plan)")
            for (step, expected) in zip(steps, expected) {
                let isCovered = step.contains("COVERING INDEX") || step.contains("PRIMARY KEY")
                let text = step.replacing("COVERING INDEX ", with: "")
                #expect(isCovered && text.hasPrefix(expected), "\(step)")
            }
        }
    }

    @Test("are few for a report that claims what it did before, and no more for a thousand rows than for one")
    func number() async throws {
        func report(_ nonce: Int64) -> VerifiedReport {
            SampleDevice.verified(1, nonce: nonce, serial: "PF0FAKE1", warpIDs: ["w1", "w2"])
        }
        try await test.register(1)
        try await test.accept(report(1))
        let (identifiers, second) = (Set(Filling.claims(of: report(2)).keys), report(2))
        var snapshot = Snapshot()
        let load = try await traced {
            snapshot = try await test.store.load(.init(devices: [SampleDevice.id(1)], identifiers: identifiers))
        }
        let record = try #require(snapshot.records[SampleDevice.id(1)])
        let changes = Filling.changes(second, receivedAt: TestStore.now, of: record, over: snapshot)
        #expect(changes.count == 2, "the report and the line of the inventory, no claim")
        let commit = try await traced {
            let outcome = try await test.store.commit(Array(changes.prefix(1)))
            #expect(outcome == .committed)
        }
        // A transaction and a savepoint, the device, its payload, and a look at its names.
        #expect(commit.count == 7, "\(commit)")
        // A transaction, claims of two kinds, the device, its claims, waivers, tags and notices, blocks of four kinds, and the
        // inventory.
        #expect(load.count == 15, "\(load)")
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
