import PostureModel
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerModel

@Suite("The inventory in the store")
struct InventoryTests {
    let test: TestStore

    init() throws { test = try TestStore() }

    func item(_ serial: String, name: String? = nil, tag: String? = nil) -> InventoryItem {
        InventoryItem(serial: serial, certificateName: name, tag: tag)
    }

    func add(_ items: [InventoryItem], replacing: Bool = false) async throws {
        try await test.store.importInventory(items, replacing: replacing, at: TestStore.now, audit: .test())
    }

    @Test("comes back as it was imported: what is asked for, and in pages")
    func roundTrip() async throws {
        let items = [item("pf1", name: "laptop-1.acme.test", tag: "sales"), item("pf2"), item("pf3", tag: "it")]
        try await add(items.reversed())
        #expect(try await test.store.inventory(["pf1", "pf3", "pf9"]) == ["pf1": items[0], "pf3": items[2]])
        #expect(try await test.store.inventory([]).isEmpty)
        #expect(try await test.store.inventory(after: nil, limit: 2) == Array(items.prefix(2)))
        #expect(try await test.store.inventory(after: "pf2", limit: 2) == [items[2]])
    }

    @Test("is added to, item by item in the place of what was there, or replaced as a whole")
    func replacing() async throws {
        try await add([item("pf1", tag: "sales"), item("pf2")])
        try await add([item("pf1"), item("pf3")])
        #expect(try await test.store.inventory(after: nil, limit: 9) == [item("pf1"), item("pf2"), item("pf3")])
        try await add([item("pf4")], replacing: true)
        #expect(try await test.store.inventory(after: nil, limit: 9) == [item("pf4")])
    }

    @Test("is imported whole, or stays as it was")
    func atomic() async throws {
        try await add([item("pf0")])
        let many = (0..<InventoryItem.limit).map { item("serial\($0)") }
        await #expect(throws: StoreFullError.self) { try await add(many) }
        #expect(try await test.store.inventory(after: nil, limit: 9) == [item("pf0")])
        try await add(many, replacing: true)
        #expect(try await test.store.inventory(Set(many.map(\.serial))).count == InventoryItem.limit)
    }
}
