import GRDB
import PostureModel
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerModel

@Suite("The audit")
struct AuditTests {
    let test: TestStore

    init() throws { test = try TestStore() }

    let authority = StoredAuthority(id: "1", name: "Corp", certificates: "PEM", digest: "d", addedAt: TestStore.now)

    func entries() async throws -> [AuditEntry] { try await test.store.audit(limit: 1000, before: nil) }

    @Test("has an entry for each change, newest first")
    func changes() async throws {
        try await test.register(1)
        let (store, device) = (test.store, TestStore.device(1))
        var expected: [AuditEntry] = []
        func next(_ action: String) -> AuditEntry {
            let entry = AuditEntry.test(action, "of \(action)", second: Int64(expected.count))
            expected.insert(entry, at: 0)
            return entry
        }
        let block = Block(
            kind: .device,
            value: "v",
            device: device,
            reason: "r",
            createdBy: "c",
            createdAt: TestStore.now
        )
        let waiver = StoredWaiver(
            device: device,
            rule: "a",
            expiresAt: TestStore.now.adding(seconds: 9),
            reason: "r",
            createdBy: "c",
            createdAt: TestStore.now
        )
        _ = try await store.add(authority, limit: 9, audit: next("ca.add"))
        _ = try await store.removeAuthority("1", audit: next("ca.remove"))
        try await store.add(TestStore.token(uses: 1), audit: next("token.new"))
        try await store.block([block], audit: next("device.block"))
        _ = try await store.unblock(device, audit: next("device.unblock"))
        _ = try await store.waive(waiver, audit: next("waiver.add"))
        _ = try await store.revokeWaiver(of: device, rule: "a", audit: next("waiver.revoke"))
        try await store.importInventory([], replacing: true, at: TestStore.now, audit: next("inventory.import"))
        _ = try await store.forget(device, audit: next("device.forget"))
        #expect(try await entries() == expected)
        // A token is found by the beginning of its hash: its entry has the whole.
        _ = try await store.revokeToken("tok", audit: next("token.revoke"))
        let newest = try #require(try await entries().first)
        #expect(newest.subject == "token" && newest.id == expected[0].id)
    }

    @Test("has none for what changed nothing")
    func nothing() async throws {
        let (store, device) = (test.store, TestStore.device(1))
        _ = try await store.add(authority, limit: 9)
        let before = try await entries()
        #expect(try await store.add(authority, limit: 9) == .duplicate(id: "1"))
        #expect(try await store.removeAuthority("2") == nil)
        #expect(try await store.unblock(device, audit: .test()) == 0)
        #expect(try await !store.forget(device, audit: .test()))
        #expect(try await !store.revokeWaiver(of: device, rule: "a", audit: .test()))
        #expect(try await store.revokeToken("tok", audit: .test()) == .unknown)
        #expect(try await entries() == before)
    }

    @Test("and the change are written together, or neither is")
    func together() async throws {
        let entry = AuditEntry.test()
        try await test.store.add(TestStore.token(uses: 1), audit: entry)
        await #expect(throws: (any Error).self) {
            try await test.store.add(TestStore.token(uses: 1, hash: "second"), audit: entry)
        }
        #expect(try await test.store.tokens().map(\.hash) == ["token"], "there was an entry with this id already")
    }

    @Test("comes in pages, those of one moment too")
    func pages() async throws {
        for second in [0, 0, 0, 1, 1, 2, 3] as [Int64] {
            try await test.store.importInventory([], replacing: false, at: TestStore.now, audit: .test(second: second))
        }
        var pages: [[AuditEntry]] = []
        repeat {
            pages.append(try await test.store.audit(limit: 2, before: pages.last?.last?.id))
        } while pages.last?.isEmpty == false
        #expect(pages.map(\.count) == [2, 2, 2, 1, 0])
        #expect(pages.flatMap { $0 } == (try await entries()))
        #expect(pages.flatMap { $0 }.map(\.at) == pages.flatMap { $0 }.map(\.at).sorted(by: >))
    }

    @Test("keeps the newest entries")
    func bound() async throws {
        try await test.store.pool.write { database in
            for second in [3, 1, 2, 5, 4] as [Int64] {
                try AuditEntry.test("\(second)", second: second).insert(database, keeping: 3)
            }
        }
        #expect(try await entries().map(\.action) == ["5", "4", "3"])
    }
}
