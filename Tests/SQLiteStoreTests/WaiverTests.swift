import PostureModel
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerModel

@Suite("A waiver in the store")
struct WaiverTests {
    let test: TestStore

    init() throws { test = try TestStore() }

    func waiver(_ number: Int, _ rule: String, from: Int64 = 0, until: Int64 = 60) -> StoredWaiver {
        StoredWaiver(
            device: TestStore.device(number),
            rule: rule,
            expiresAt: TestStore.now.adding(seconds: until),
            reason: "a reason; DROP TABLE waiver",
            createdBy: "alice",
            createdAt: TestStore.now.adding(seconds: from)
        )
    }

    func waivers(_ numbers: Int..., after seconds: Int64 = 0) async throws -> [DeviceID: [StoredWaiver]] {
        try await test.store.waivers(
            of: Set(numbers.map(TestStore.device)),
            at: TestStore.now.adding(seconds: seconds)
        )
    }

    @Test("comes back as it was stored, with those of its device")
    func roundTrip() async throws {
        try await test.register(1, 2, 3)
        let (first, second, other) = (waiver(1, "a"), waiver(1, "b"), waiver(2, "a"))
        for one in [second, other, first] { #expect(try await test.store.waive(one, audit: .test())) }
        #expect(
            try await waivers(1, 2, 3, 4) == [TestStore.device(1): [first, second], TestStore.device(2): [other]]
        )
        #expect(try await waivers(3).isEmpty)
    }

    @Test("counts from the moment it was made until it expires, and not at that moment")
    func time() async throws {
        try await test.register(1)
        _ = try await test.store.waive(waiver(1, "a", from: 10, until: 20), audit: .test())
        for (seconds, counts) in [(9, false), (10, true), (19, true), (20, false)] as [(Int64, Bool)] {
            #expect(try await waivers(1, after: seconds).isEmpty != counts, "\(seconds)")
        }
    }

    @Test("takes the place of an earlier one of its rule")
    func replaced() async throws {
        try await test.register(1)
        for until in [60, 30] as [Int64] {
            _ = try await test.store.waive(waiver(1, "a", until: until), audit: .test())
        }
        #expect(try await waivers(1) == [TestStore.device(1): [waiver(1, "a", until: 30)]])
    }

    @Test("is for a device that is known, and goes with it")
    func device() async throws {
        #expect(try await !test.store.waive(waiver(1, "a"), audit: .test()))
        try await test.register(1)
        _ = try await test.store.waive(waiver(1, "a"), audit: .test())
        _ = try await test.store.forget(TestStore.device(1), audit: .test())
        try await test.register(1)
        #expect(try await waivers(1).isEmpty)
    }

    @Test("is revoked once")
    func revoked() async throws {
        try await test.register(1)
        for rule in ["a", "b"] { _ = try await test.store.waive(waiver(1, rule), audit: .test()) }
        #expect(try await test.store.revokeWaiver(of: TestStore.device(1), rule: "a", audit: .test()))
        #expect(try await !test.store.revokeWaiver(of: TestStore.device(1), rule: "a", audit: .test()))
        #expect(try await waivers(1) == [TestStore.device(1): [waiver(1, "b")]])
    }

    @Test("is one of a hundred of its device at most")
    func full() async throws {
        try await test.register(1)
        for number in 1...StoredWaiver.limit {
            _ = try await test.store.waive(waiver(1, "rule_\(number)"), audit: .test())
        }
        await #expect(throws: StoreFullError.self) { try await test.store.waive(waiver(1, "more"), audit: .test()) }
        #expect(try await test.store.waive(waiver(1, "rule_1", until: 5), audit: .test()), "one that is there")
    }
}
