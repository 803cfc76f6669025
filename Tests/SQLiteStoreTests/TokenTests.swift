import PostureModel
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerModel

@Suite("A token in the list of operators")
struct TokenTests {
    let test: TestStore

    init() throws { test = try TestStore() }

    @Test("says who made it, as long as the audit does")
    func maker() async throws {
        let made = AuditEntry(at: TestStore.now, actor: "alice", action: StoredToken.creation, subject: "hash one")
        try await test.store.add(TestStore.token(uses: 1, hash: "hash one"), audit: made)
        try await test.store.add(TestStore.token(uses: 1, hash: "hash two"))
        #expect(try await test.store.tokens().map(\.createdBy) == ["alice", nil])
    }

    @Test("is revoked by the beginning of its hash, and lets nobody in any more")
    func revoked() async throws {
        for hash in ["abc_1", "abcx2", "ABC_3"] { try await test.store.add(TestStore.token(uses: 1, hash: hash)) }
        #expect(try await test.store.revokeToken("abc", audit: .test()) == .ambiguous)
        #expect(
            try await test.store.revokeToken("abc_", audit: .test())
                == .revoked(TestStore.token(uses: 1, hash: "abc_1"))
        )
        for other in ["abc_", "%", "_", "abcx2~"] {
            #expect(try await test.store.revokeToken(other, audit: .test()) == .unknown, "\(other)")
        }
        #expect(try await test.store.tokens().map(\.hash).sorted() == ["ABC_3", "abcx2"])
        let outcome = try await test.store.register(
            TestStore.registration(1),
            by: .token(hash: "abc_1"),
            at: TestStore.now
        )
        #expect(outcome != .registered)
    }
}
