import GRDB
import PostureModel
import ScorerModel
import ScorerStore
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("The rows of the database")
struct RowTests {
    let test: TestStore

    init() throws { test = try TestStore() }

    @Test("that cannot be read do not cost others their answer")
    func unreadable() async throws {
        try await test.register(1, 2, 3)
        for number in 1...3 {
            try await test.accept(SampleDevice.verified(number, nonce: 1, serial: "PF0FAKE\(number)"))
        }
        let (first, second, third) = (SampleDevice.id(1), SampleDevice.id(2), SampleDevice.id(3))
        let damage = """
            UPDATE device SET jwk = '{}' WHERE id = '\(first)'; UPDATE device SET id = 'none' WHERE id = '\(third)';
            INSERT INTO block VALUES ('other', 'pf0fake2', '\(first)', 'r', 'c', 0);
            INSERT INTO claim VALUES ('serial', 'pf0fake2', 'none', 'reported', 0, 1),
                ('serial', 'pf0fake2', '\(first)', 'loud', 0, 1), ('other', 'x', '\(first)', 'reported', 0, 1);
            INSERT INTO device_tag VALUES ('\(second)', 'a', 'other', ''), ('\(second)', 'b', 'operator', '');
            INSERT INTO identity_notice VALUES ('\(second)', 'other', '', 0), ('\(second)', 'lending', '', 0);
            INSERT INTO row_in_use VALUES ('\(second)', 'r', 'other', 'reported', '[]', 0, '[]');
            """
        try runTool("sqlite3", [test.path, damage])
        let serials = (1...3).compactMap { Identifier(.serial, "PF0FAKE\($0)") }
        let snapshot = try await test.store.load(.init(devices: [first], identifiers: Set(serials), claimants: 4))
        #expect(snapshot.records.keys.map(\.self) == [second])
        #expect(snapshot.claims(to: serials[1]).claims.map(\.device) == [SampleDevice.id(2)])
        let record = try #require(snapshot.records[second])
        #expect(record.tags == [DeviceTag("b", .operators)])
        #expect(record.notices.map(\.kind) == [.lending] && record.use == nil)
        #expect(try await test.store.records(after: nil, limit: 9) == [record])
        #expect(try await test.store.noticeCounts() == [.lending: 1])
        #expect(try await test.store.linkCounts(askedSince: Timestamp(seconds: 0)).rows.isEmpty)
        let listed = try await test.store.devices(after: nil, limit: 9, silentSince: nil).map(\.device)
        #expect(listed == [1, 2].map(SampleDevice.id))
        await #expect(throws: WireError.self) { try await test.store.keys(of: first) }
    }

    @Test("whose report cannot be read are of devices that have reported")
    func unreadableReport() async throws {
        try await test.register(1, 2)
        try await test.accept(SampleDevice.verified(1, nonce: 1))
        try runTool("sqlite3", [test.path, "UPDATE device SET verdicts = '{}'"])
        let (reported, silent) = (try await test.record(1), try await test.record(2))
        #expect(reported?.newest == nil && reported?.hasReported == true)
        #expect(silent?.hasReported == false)
        try await test.accept(SampleDevice.verified(1, nonce: 2))
        #expect(try await test.record(1)?.newest != nil)
    }

    @Test("of the audit are the newest")
    func auditLimit() async throws {
        try await test.store.pool.write { database in
            for second in [3, 1, 2, 5, 4] as [Int64] {
                let entry = AuditEntry(
                    at: TestStore.now.adding(seconds: second),
                    actor: "a test",
                    action: "\(second)",
                    subject: "it"
                )
                try ChangeWriter(database: database).add(entry, keeping: 3)
            }
        }
        #expect(try await test.store.audit(limit: 9, before: nil).map(\.action) == ["5", "4", "3"])
    }
}
