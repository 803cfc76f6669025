import Foundation
import GRDB
import PostureModel
import ScorerModel
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("The database")
struct DurabilityTests {
    let test: TestStore

    init() throws { test = try TestStore() }

    @Test("is written in WAL mode and synced in full at every commit")
    func pragmas() async throws {
        let (journal, synchronous, secureDelete, foreignKeys) = try await test.store.pool.write { database in
            (
                try String.fetchOne(database, sql: "PRAGMA journal_mode"),
                try Int.fetchOne(database, sql: "PRAGMA synchronous"),
                try Int.fetchOne(database, sql: "PRAGMA secure_delete"),
                try Int.fetchOne(database, sql: "PRAGMA foreign_keys")
            )
        }
        #expect(journal == "wal")
        #expect(synchronous == 2)
        #expect(secureDelete == 1)
        #expect(foreignKeys == 1)
    }

    @Test("survives that the scorer starts again")
    func reopening() async throws {
        try await test.register(1)
        let report = TestStore.report(1, nonce: 7, serial: "PF0FAKE1", warpIDs: ["w1"])
        try await test.accept(report)
        try await test.store.add(TestStore.token(uses: 3))
        let before = try test.dump()
        try test.store.pool.close()
        let again = try SQLiteStore(path: test.path)
        #expect(try test.dump() == before)
        #expect(try await again.key(of: TestStore.device(1)) == TestStore.registration(1).key)
        #expect(try await again.newestReport(of: TestStore.device(1))?.report == report)
        #expect(try await again.accept(report, receivedAt: TestStore.now) { _ in [] } == .stale)
        #expect(try await again.tokens() == [TestStore.token(uses: 3)])
    }

    @Test("may be open twice, as while a token is made beside the running scorer")
    func secondOpener() async throws {
        let second = try SQLiteStore(path: test.path)
        try await second.add(TestStore.token(uses: 1))
        let outcome = try await test.store.register(
            TestStore.registration(1),
            by: .token(hash: "token"),
            at: TestStore.now
        )
        #expect(outcome == .registered)
        #expect(try await second.tokens().map(\.usesLeft) == [0])
    }

    @Test("is an error where the file is no database, or its directory is not there")
    func unusable() throws {
        let path = try test.directory.write(Array("not a database, but long enough to look at".utf8), to: "other")
        let error = #expect(throws: StoreError.self) { try SQLiteStore(path: path) }
        #expect("\(error as Any)".contains("\(path) is damaged") && "\(error as Any)".contains("restore a backup"))
        #expect(throws: (any Error).self) { try SQLiteStore(path: test.directory.file("no/such/directory.sqlite")) }
    }

    @Test("and its companions may be read by their owner only")
    func modes() async throws {
        try await test.register(1)
        for suffix in ["", "-wal", "-shm"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: test.path + suffix)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600, "\(suffix)")
        }
    }
}
