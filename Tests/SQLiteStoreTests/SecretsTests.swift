import PostureModel
import ScorerModel
import ScorerStore
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("What was deleted")
struct SecretsTests {
    let test: TestStore

    init() throws { test = try TestStore() }

    let secret = Array("32 bytes that would be a secret!".utf8)

    func file() throws -> [UInt8] {
        try runTool("sqlite3", [test.path, "PRAGMA wal_checkpoint(TRUNCATE)"])
        return try contents(of: test.path)
    }

    @Test("is not in the file any more: a nonce key")
    func nonceKey() async throws {
        let old = NonceKey(id: 1, secret: secret, createdAt: TestStore.now.adding(seconds: -60))
        try await test.store.add(old, deletingBefore: Timestamp(seconds: 0))
        #expect(try file().contains(secret))
        let new = NonceKey(id: 2, secret: [UInt8](repeating: 0, count: 32), createdAt: TestStore.now)
        try await test.store.add(new, deletingBefore: TestStore.now)
        #expect(try !file().contains(secret))
    }

    @Test("is not in the file any more: a device's report")
    func report() async throws {
        let agent = String(decoding: secret, as: UTF8.self)
        try await test.register(1)
        try await test.accept(SampleDevice.verified(1, nonce: 1, agent: agent))
        #expect(try file().contains(secret))
        let version = try #require(try await test.record(1)).version
        #expect(try await test.store.commit([.deleteDevice(SampleDevice.id(1), version: version)]) == .committed)
        #expect(try !file().contains(secret))
    }
}
