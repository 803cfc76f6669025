import PostureModel
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerModel

@Suite("A block")
struct BlockTests {
    let test: TestStore

    init() throws { test = try TestStore() }

    func block(_ kind: Block.Kind, _ value: String, of number: Int, reason: String = "stolen") -> Block {
        Block(
            kind: kind,
            value: value,
            device: TestStore.device(number),
            reason: reason,
            createdBy: "alice",
            createdAt: TestStore.now
        )
    }

    @Test("comes back as it was stored, and goes with the others of its device")
    func roundTrip() async throws {
        let first = [block(.device, "d", of: 1), block(.certificate, "k:01", of: 1), block(.serial, "pf0", of: 1)]
        let second = [block(.certificate, "k:01", of: 2)]
        try await test.store.block(first, audit: .test())
        try await test.store.block(second, audit: .test())
        #expect(try await Set(test.store.blocks()) == Set(first + second))
        #expect(try await test.store.unblock(TestStore.device(1), audit: .test()) == 3)
        #expect(try await test.store.blocks() == second, "what another device has too is blocked with that one")
        #expect(try await test.store.unblock(TestStore.device(1), audit: .test()) == 0)
    }

    @Test("that is there already has the newer reason")
    func again() async throws {
        try await test.store.block([block(.device, "d", of: 1)], audit: .test())
        let newer = block(.device, "d", of: 1, reason: "sold")
        try await test.store.block([newer], audit: .test())
        #expect(try await test.store.blocks() == [newer])
    }

    @Test("outlives its device, which is found by it still")
    func outlives() async throws {
        try await test.register(1)
        try await test.accept(TestStore.report(1, nonce: 1, serial: "PF0FAKE1"))
        let id = TestStore.device(1)
        try await test.store.block(
            [block(.device, id.rawValue, of: 1), block(.serial, "pf0fake1", of: 1)],
            audit: .test()
        )
        #expect(try await test.store.device(id)?.isBlocked == true)
        #expect(try await test.store.forget(id, audit: .test()))
        #expect(try await test.store.blocks().count == 2)
        let gone = DeviceSummary(device: id, registeredAt: nil, isBlocked: true)
        for name in [id.rawValue, String(id.rawValue.prefix(8)), "PF0FAKE1"] {
            #expect(try await test.store.devices(named: name, limit: 9) == [gone], "\(name)")
        }
        try await test.register(1)
        #expect(try await test.store.device(id)?.isBlocked == true, "whatever it registers as")
    }

    @Test("beyond the limit is refused, and nothing of it is kept")
    func full() async throws {
        try runTool(
            "sqlite3",
            [
                test.path,
                """
                INSERT INTO block SELECT 'serial', value, '\(TestStore.device(9))', 'r', 'c', 0
                FROM generate_series(1, \(Block.limit - 1))
                """,
            ]
        )
        let before = try test.dump()
        let two = [block(.device, "d", of: 1), block(.serial, "pf0", of: 1)]
        await #expect(throws: StoreFullError.self) { try await test.store.block(two, audit: .test()) }
        #expect(try test.dump() == before)
        try await test.store.block([two[0]], audit: .test())
        #expect(try await test.store.blocks().count == Block.limit)
    }
}
