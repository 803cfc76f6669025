import Foundation
import GRDB
import PostureModel
import ScorerModel
import ScorerStore
import StoreConformance
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("The database")
struct DurabilityTests {
    let test: TestStore

    init() throws { test = try TestStore() }

    @Test("is written in WAL mode and synced in full at every commit")
    func pragmas() async throws {
        let (journal, synchronous, secureDelete) = try await test.store.pool.write { database in
            (
                try String.fetchOne(database, sql: "PRAGMA journal_mode"),
                try Int.fetchOne(database, sql: "PRAGMA synchronous"),
                try Int.fetchOne(database, sql: "PRAGMA secure_delete")
            )
        }
        #expect(journal == "wal")
        #expect(synchronous == 2)
        #expect(secureDelete == 1)
    }

    @Test("survives that the scorer starts again")
    func reopening() async throws {
        try await test.register(1)
        let report = SampleDevice.verified(1, nonce: 7, serial: "PF0FAKE1", warpIDs: ["w1"])
        try await test.accept(report)
        _ = try await test.store.commit([.addToken(TestStore.token(uses: 3))])
        let (before, record) = (try test.dump(), try await test.record(1))
        try test.store.close()
        let again = try SQLiteStore(path: test.path)
        #expect(try test.dump() == before)
        #expect(try await again.keys(of: SampleDevice.id(1)) == [SampleDevice.key(1)])
        #expect(try await again.record(of: SampleDevice.id(1)) == record)
        #expect(try await again.record(of: SampleDevice.id(1))?.newest?.verified() == report)
        await #expect(throws: DecisionError.stale) { try await again.accept(report, at: TestStore.now) }
        #expect(try await again.tokens(limit: 9) == [TestStore.token(uses: 3)])
    }

    @Test("may be open twice, as while a token is made beside the running scorer")
    func secondOpener() async throws {
        let second = try SQLiteStore(path: test.path)
        _ = try await second.commit([.addToken(TestStore.token(uses: 1))])
        #expect(try await test.store.commit([.useToken(hash: "token", at: TestStore.now)]) == .committed)
        #expect(try await second.tokens(limit: 9).map(\.usesLeft) == [0])
    }

    @Test("when the scorer is killed, has all that was acknowledged")
    func killed() async throws {
        try await test.register(1)
        try await test.accept(SampleDevice.verified(1, nonce: 7))
        // What is in the files now is what a crash leaves: nothing was closed.
        for suffix in ["", "-wal"] { try runTool("cp", [test.path + suffix, "\(test.path).killed\(suffix)"]) }
        let again = try SQLiteStore(path: "\(test.path).killed")
        #expect(try await again.record(of: SampleDevice.id(1)) == (try await test.record(1)))
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
