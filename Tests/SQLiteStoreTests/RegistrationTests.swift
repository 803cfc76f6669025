@_spi(Verifying) import PostureModel
import ScorerStore
import Testing

@testable import SQLiteStore
@testable import ScorerModel

@Suite("A registration")
struct RegistrationTests {
    let test: TestStore

    init() throws { test = try TestStore() }

    func register(_ number: Int, token: String = "token", at now: Timestamp = TestStore.now) async throws
        -> RegistrationOutcome
    {
        try await test.store.register(TestStore.registration(number), by: .token(hash: token), at: now)
    }

    @Test("by certificate makes the device known")
    func byCertificate() async throws {
        #expect(try await test.store.key(of: TestStore.device(1)) == nil)
        let outcome = try await test.store.register(
            TestStore.registration(1),
            by: .certificate(fingerprint: "leaf", deviceLimit: 1),
            at: TestStore.now
        )
        #expect(outcome == .registered)
        #expect(try await test.store.key(of: TestStore.device(1)) == TestStore.registration(1).key)
        #expect(try await test.store.key(of: TestStore.device(2)) == nil)
        #expect(try await test.store.newestReport(of: TestStore.device(1)) == nil)
    }

    @Test("by certificate is good for so many devices, and for each certificate anew")
    func certificateLimit() async throws {
        func register(_ number: Int, _ fingerprint: String, limit: Int) async throws -> RegistrationOutcome {
            try await test.store.register(
                TestStore.registration(number),
                by: .certificate(fingerprint: fingerprint, deviceLimit: limit),
                at: TestStore.now
            )
        }
        try await test.store.add(TestStore.token(uses: 1))
        #expect(try await self.register(9) == .registered)
        #expect(try await register(1, "a", limit: 2) == .registered)
        #expect(try await register(2, "a", limit: 2) == .registered)
        let before = try test.dump()
        let refusal = "2 devices have registered by this certificate already: use an enrolment token"
        #expect(try await register(3, "a", limit: 2) == .refused(reason: refusal))
        #expect(try await register(2, "a", limit: 2) == .alreadyKnown)
        #expect(try test.dump() == before)
        #expect(try await register(3, "b", limit: 2) == .registered)
        #expect(try await register(4, "a", limit: 3) == .registered)
    }

    @Test("takes one use of its token each, until none is left")
    func uses() async throws {
        try await test.store.add(TestStore.token(uses: 2))
        #expect(try await register(1) == .registered)
        #expect(try await test.store.tokens().map(\.usesLeft) == [1])
        #expect(try await register(2) == .registered)
        #expect(try await register(3) == .refused(reason: "the enrolment token is used up"))
        #expect(try await test.store.key(of: TestStore.device(3)) == nil)
        #expect(try await test.store.tokens().map(\.usesLeft) == [0])
    }

    @Test("of a device that is known already takes no use, and changes nothing")
    func alreadyKnown() async throws {
        try await test.store.add(TestStore.token(uses: 2))
        #expect(try await register(1) == .registered)
        let before = try test.dump()
        #expect(try await register(1, at: TestStore.now.adding(seconds: 60)) == .alreadyKnown)
        #expect(try await register(1, token: "no such token") == .alreadyKnown)
        #expect(try test.dump() == before)
    }

    @Test("is refused from the moment on at which its token expires")
    func expiry() async throws {
        let end = TestStore.now.adding(seconds: 60)
        try await test.store.add(TestStore.token(uses: 9, expiresAt: end))
        #expect(try await register(1, at: Timestamp(microseconds: end.microseconds - 1)) == .registered)
        #expect(try await register(2, at: end) == .refused(reason: "the enrolment token has expired"))
        #expect(
            try await register(2, at: end.adding(seconds: 1)) == .refused(reason: "the enrolment token has expired")
        )
        #expect(try await test.store.tokens().map(\.usesLeft) == [8])
    }

    @Test(
        "is refused with a token that nobody made, and says how to make one",
        arguments: ["", "Token", "' OR '1'='1"]
    )
    func unknownToken(token: String) async throws {
        try await test.store.add(TestStore.token(uses: 1))
        guard case .refused(let reason) = try await register(1, token: token) else {
            Issue.record("an unknown token was taken")
            return
        }
        #expect(reason.contains("posture-scorer token new"))
        #expect(try await test.store.key(of: TestStore.device(1)) == nil)
    }

    @Test("twenty at once on a token of five uses let exactly five in")
    func concurrency() async throws {
        try await test.store.add(TestStore.token(uses: 5))
        let store = test.store
        let outcomes = try await withThrowingTaskGroup { group in
            for number in 0..<20 {
                group.addTask {
                    try await store.register(
                        TestStore.registration(number),
                        by: .token(hash: "token"),
                        at: TestStore.now
                    )
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == .registered } == 5)
        #expect(outcomes.count { $0 == .refused(reason: "the enrolment token is used up") } == 15)
        #expect(try await store.tokens().map(\.usesLeft) == [0])
        #expect(try await store.devices(after: nil, limit: 100).count == 5)
    }

    @Test("by one device twenty times at once takes one use")
    func sameDevice() async throws {
        try await test.store.add(TestStore.token(uses: 5))
        let store = test.store
        try await withThrowingTaskGroup { group in
            for _ in 0..<20 {
                group.addTask {
                    _ = try await store.register(
                        TestStore.registration(1),
                        by: .token(hash: "token"),
                        at: TestStore.now
                    )
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store.tokens().map(\.usesLeft) == [4])
    }
}
