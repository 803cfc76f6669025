import GRDB
import PostureModel
import ScorerStore
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerModel

@Suite("A trusted CA in the store")
struct AuthorityTests {
    let test: TestStore

    init() throws { test = try TestStore() }

    func authority(_ number: Int, digest: String? = nil, age: Int64 = 0) -> StoredAuthority {
        StoredAuthority(
            id: "00000000-0000-4000-8000-00000000000\(number)",
            name: "läptops \"\(number)\"; DROP TABLE authority",
            certificates: "PEM \(number)\n",
            digest: digest ?? "digest \(number)",
            addedAt: TestStore.now.adding(seconds: -age)
        )
    }

    @Test("comes back as it was stored: alone, among others, and oldest first in the list")
    func roundTrip() async throws {
        let all = [authority(3, age: 2), authority(2, age: 1), authority(1)]
        for authority in all.reversed() { #expect(try await test.store.add(authority, limit: 9) == .added) }
        #expect(try await test.store.authorities() == all)
        #expect(try await test.store.authorities([all[1].id]) == [all[1]])
        let two = try await test.store.authorities([all[0].id, all[2].id, "another"])
        #expect(Set(two.map(\.id)) == [all[0].id, all[2].id])
        #expect(try await test.store.authorities([]).isEmpty)
        #expect(try await test.store.authorities(["", "' OR 1=1 --"]).isEmpty)
    }

    @Test("is not added a second time, and the first one's id is named")
    func duplicate() async throws {
        _ = try await test.store.add(authority(1, digest: "same"), limit: 9)
        let before = try test.dump()
        #expect(try await test.store.add(authority(2, digest: "same"), limit: 9) == .duplicate(id: authority(1).id))
        #expect(try test.dump() == before)
        _ = try await test.store.removeAuthority(authority(1).id)
        #expect(try await test.store.add(authority(2, digest: "same"), limit: 9) == .added)
    }

    @Test("is not added beyond the limit")
    func full() async throws {
        for number in 1...2 { #expect(try await test.store.add(authority(number), limit: 2) == .added) }
        #expect(try await test.store.add(authority(3), limit: 2) == .full)
        #expect(try await test.store.add(authority(3, digest: "digest 1"), limit: 2) == .duplicate(id: authority(1).id))
        _ = try await test.store.removeAuthority(authority(1).id)
        #expect(try await test.store.add(authority(3), limit: 2) == .added)
    }

    @Test("is added once by twenty at once, of which each has another id")
    func concurrency() async throws {
        let second = try SQLiteStore(path: test.path)
        let outcomes = try await withThrowingTaskGroup { group in
            for number in 0..<20 {
                let store = number % 2 == 0 ? test.store : second
                let one = StoredAuthority(
                    id: "\(number)",
                    name: "a",
                    certificates: "PEM",
                    digest: "same",
                    addedAt: TestStore.now
                )
                group.addTask { try await store.add(one, limit: 9) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == .added } == 1)
        let kept = try #require(try await second.authorities().first)
        #expect(outcomes.allSatisfy { $0 == .added || $0 == .duplicate(id: kept.id) })
    }

    @Test("is removed once, and is in no other opener's list any more")
    func removal() async throws {
        let second = try SQLiteStore(path: test.path)
        for number in 1...2 { _ = try await test.store.add(authority(number), limit: 9) }
        #expect(try await second.authorities().count == 2)
        #expect(try await second.removeAuthority(authority(1).id) == authority(1))
        #expect(try await second.removeAuthority(authority(1).id) == nil)
        #expect(try await test.store.authorities([authority(1).id, authority(2).id]) == [authority(2)])
    }
}

@Suite("A database of the version before trusted CAs")
struct MigrationTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory("store") }

    /// The file as that version left it, with one device's report and its verdicts in the form of then.
    func old(verdicts: String) async throws -> String {
        let path = directory.file("scorer.sqlite")
        let queue = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(queue, upTo: "1: devices, identifiers, tokens, nonce keys")
        let report = TestStore.report(1, nonce: 5)
        let (id, content) = (
            report.report.device.rawValue, String(decoding: try Wire.encode(report.report), as: UTF8.self)
        )
        let key = String(decoding: try Wire.encode(TestStore.registration(1).key), as: UTF8.self)
        try await queue.write { database in
            try database.execute(
                sql: """
                    INSERT INTO device (id, jwk, registered_at, registered_by, last_nonce_at, received_at, report, verdicts)
                    VALUES (?, ?, 0, 'token', ?, ?, ?, ?)
                    """,
                arguments: [
                    id, key, report.nonceIssuedAt.microseconds, TestStore.now.microseconds, content, verdicts,
                ]
            )
            try database.execute(
                sql:
                    "INSERT INTO device (id, jwk, registered_at, registered_by, last_nonce_at) VALUES ('a', 'b', 0, 'c', 0)"
            )
        }
        try queue.close()
        return path
    }

    @Test("has its reports still, and its verdicts without what they did not say")
    func verdicts() async throws {
        let verdict = """
            {"anchor":"root","chain":["0a","01"],"holds_until":1800000060,"id":"corp","level":"proven","reason":"\\"ä\\""}
            """
        let none = #"{"chain":[],"code":"not_found","id":"vpn","level":"none","reason":"no certificate"}"#
        let store = try SQLiteStore(path: await old(verdicts: "[\(verdict),\(none)]"))
        let checks = try await store.newestReport(of: TestStore.device(1))?.report.checks
        #expect(
            checks == [
                CheckVerdict(
                    id: "corp",
                    level: .proven,
                    reason: "\"ä\"",
                    anchor: "root",
                    holdsUntil: TestStore.now.adding(seconds: 60)
                ),
                CheckVerdict(id: "vpn", level: .none, reason: "no certificate", code: "not_found"),
            ]
        )
        #expect(try await store.devices(after: nil, limit: 9).count == 1, "and the other has no id that is one")
    }

    @Test("may have reports without any verdict")
    func noVerdicts() async throws {
        let store = try SQLiteStore(path: await old(verdicts: "[]"))
        #expect(try await store.newestReport(of: TestStore.device(1))?.report.checks == [])
        #expect(try await store.authorities().isEmpty)
    }
}
