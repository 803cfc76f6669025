import PostureModel
import ScorerStore
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerModel

@Suite("What lets others in")
struct SecretsTests {
    let test: TestStore

    init() throws { test = try TestStore() }

    func key(_ id: UInt8, secret: UInt8 = 0, age: Int64 = 0) -> NonceKey {
        NonceKey(
            id: id,
            secret: [UInt8](repeating: secret, count: 32),
            createdAt: TestStore.now.adding(seconds: -age)
        )
    }

    let never = Timestamp(seconds: 0)

    @Test("nonce keys come newest first, whatever their numbers")
    func order() async throws {
        for key in [key(255, secret: 1, age: 10), key(0, secret: 2, age: 0), key(254, secret: 3, age: 20)] {
            try await test.store.add(key, forgettingBefore: never)
        }
        let keys = try await test.store.nonceKeys()
        #expect(keys == [key(0, secret: 2, age: 0), key(255, secret: 1, age: 10), key(254, secret: 3, age: 20)])
    }

    @Test("a nonce key of a number that is taken leaves the first as it is")
    func sameNumber() async throws {
        try await test.store.add(key(1, secret: 1), forgettingBefore: never)
        try await test.store.add(key(1, secret: 2), forgettingBefore: never)
        #expect(try await test.store.nonceKeys() == [key(1, secret: 1)])
    }

    @Test("a nonce key is forgotten when it is older than asked for, and its number is free again")
    func forgetting() async throws {
        try await test.store.add(key(1, secret: 1, age: 61), forgettingBefore: never)
        try await test.store.add(key(2, secret: 2, age: 60), forgettingBefore: never)
        try await test.store.add(key(1, secret: 3), forgettingBefore: TestStore.now.adding(seconds: -60))
        #expect(try await test.store.nonceKeys() == [key(1, secret: 3), key(2, secret: 2, age: 60)])
    }

    @Test("a forgotten nonce key is not in the file any more")
    func noTrace() async throws {
        let secret = Array("32 bytes that would be a secret!".utf8)
        let old = NonceKey(id: 1, secret: secret, createdAt: TestStore.now.adding(seconds: -60))
        try await test.store.add(old, forgettingBefore: never)
        try runTool("sqlite3", [test.path, "PRAGMA wal_checkpoint(TRUNCATE)"])
        #expect(try contents(of: test.path).contains(secret))
        try await test.store.add(key(2), forgettingBefore: TestStore.now)
        try runTool("sqlite3", [test.path, "PRAGMA wal_checkpoint(TRUNCATE)"])
        #expect(try !contents(of: test.path).contains(secret))
    }

    @Test("tokens come newest first, as they were stored")
    func tokens() async throws {
        let tokens = (0..<3).map { index in
            StoredToken(
                hash: "hash \(index)",
                createdAt: TestStore.now.adding(seconds: -Int64(index)),
                expiresAt: TestStore.now.adding(seconds: 60),
                usesLeft: index + 1
            )
        }
        for token in tokens.reversed() { try await test.store.add(token) }
        #expect(try await test.store.tokens() == tokens)
    }

    @Test("devices come in pages, in the order of their ids, each once")
    func pages() async throws {
        for number in 0..<7 { try await test.register(number) }
        try await test.accept(TestStore.report(3, nonce: 1))
        var pages: [[DeviceSummary]] = []
        repeat {
            pages.append(try await test.store.devices(after: pages.last?.last?.device, limit: 3))
        } while pages.last?.isEmpty == false
        #expect(pages.map(\.count) == [3, 3, 1, 0])
        let all = pages.flatMap { $0 }
        #expect(all.map(\.device.rawValue) == (0..<7).map { TestStore.device($0).rawValue }.sorted())
        for device in all {
            #expect(device.registeredAt == TestStore.now)
            #expect(device.receivedAt == (device.device == TestStore.device(3) ? TestStore.now : nil))
        }
    }
}
