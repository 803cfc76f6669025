import PostureModel
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerModel

@Suite("An identifier that several devices claim")
struct ClaimTests {
    let test: TestStore

    init() throws { test = try TestStore() }

    static let serial = "PF0FAKE1"

    /// How well a claim of the serial number can be founded, from least to most.
    enum Foundation: Int, CaseIterable, Sendable {
        case claimed, proven, carried, inventory

        var verdicts: [CheckVerdict] {
            switch self {
            case .claimed: []
            case .proven: [CheckVerdict(id: "corp", level: .proven, reason: "", commonName: "someone")]
            case .carried:
                [
                    CheckVerdict(
                        id: "corp",
                        level: .proven,
                        reason: "",
                        bound: ["serial_number": ClaimTests.serial],
                        commonName: "other"
                    )
                ]
            case .inventory:
                [CheckVerdict(id: "corp", level: .proven, reason: "", commonName: "Machine-7.example.test")]
            }
        }
    }

    @discardableResult
    func report(_ device: Int, _ foundation: Foundation, nonce: Int64) async throws -> BindingChange? {
        let report = TestStore.report(
            device,
            nonce: nonce,
            serial: Self.serial,
            checks: foundation.verdicts,
            hostname: "host-\(device)"
        )
        return try await test.accept(report, after: nonce).change
    }

    func expectInventory() throws {
        try runTool(
            "sqlite3",
            [test.path, "INSERT INTO inventory VALUES ('pf0fake1', 'machine-7.example.test', 'laptops', 0)"]
        )
    }

    @Test(
        "is that of the better founded claim, and of two as good that of the first",
        arguments: [Foundation.claimed, .proven, .carried],
        [Foundation.claimed, .proven, .carried]
    )
    func ranks(first: Foundation, second: Foundation) async throws {
        try await test.register(1, 2)
        #expect(try await report(1, first, nonce: 1) == BindingChange())
        let change = try #require(try await report(2, second, nonce: 2))
        let serial = try #require(Identifier(.serial, Self.serial))
        let isTaken = second.rawValue > first.rawValue
        #expect(change.taken == (isTaken ? [serial] : []))
        #expect(change.refused == (isTaken ? [] : [serial]))
        #expect(try await test.holder(.serial, Self.serial) == TestStore.device(isTaken ? 2 : 1))
        let standing = try await test.store.newestReport(of: TestStore.device(2))?.standing
        #expect(standing?.serialOwner == TestStore.device(isTaken ? 2 : 1))
        #expect(try await report(2, second, nonce: 3) == BindingChange(), "an alert is given once")
    }

    @Test("stays bound when what it was bound by is gone")
    func established() async throws {
        try await test.register(1, 2)
        try await report(1, .carried, nonce: 1)
        try await report(1, .claimed, nonce: 2)
        try await report(2, .carried, nonce: 3)
        #expect(try await test.holder(.serial, Self.serial) == TestStore.device(1))
    }

    @Test("is not that of who had a weaker claim before, and as good a one later")
    func lateRise() async throws {
        try await test.register(1, 2)
        try await report(1, .claimed, nonce: 1)
        for (nonce, device) in [(2, 2), (3, 1)] as [(Int64, Int)] {
            try await report(device, .proven, nonce: nonce)
            #expect(try await test.holder(.serial, Self.serial) == TestStore.device(2))
        }
    }

    @Test("belongs to whom the inventory names, whatever others can show")
    func inventory() async throws {
        try await test.register(1, 2)
        try await report(1, .carried, nonce: 1)
        try expectInventory()
        try await report(1, .carried, nonce: 2)
        #expect(try await test.holder(.serial, Self.serial) == nil, "its certificate is another")
        try await report(2, .inventory, nonce: 3)
        #expect(try await test.holder(.serial, Self.serial) == TestStore.device(2))
        let standing = try #require(try await test.store.newestReport(of: TestStore.device(2))?.standing)
        #expect(standing.serialRank == .inventory && standing.tag == "laptops")
        #expect(try await test.store.newestReport(of: TestStore.device(1))?.standing.tag == nil)
        try await report(2, .claimed, nonce: 4)
        #expect(try await test.holder(.serial, Self.serial) == TestStore.device(2), "its certificate may expire")
    }

    @Test("gives no tag to a device that only says so")
    func tag() async throws {
        try runTool("sqlite3", [test.path, "INSERT INTO inventory VALUES ('pf0fake1', NULL, 'laptops', 0)"])
        try await test.register(1)
        for (nonce, foundation) in [Foundation.claimed, .proven, .carried].enumerated() {
            try await report(1, foundation, nonce: Int64(nonce + 1))
            let tag = try await test.store.newestReport(of: TestStore.device(1))?.standing.tag
            #expect(tag == (foundation == .carried ? "laptops" : nil))
        }
    }

    @Test("is whose an operator says, until the operator says otherwise")
    func resolved() async throws {
        try await test.register(1, 2)
        try await report(1, .carried, nonce: 1)
        try await report(2, .claimed, nonce: 2)
        func resolve(_ device: Int, force: Bool = true) async throws -> ResolveOutcome {
            try await test.store.resolve(TestStore.device(device), force: force, audit: .test())
        }
        #expect(try await resolve(2, force: false) == .belongsTo([TestStore.device(1)]))
        #expect(try await test.holder(.serial, Self.serial) == TestStore.device(1))
        for device in [2, 1, 2] {
            let bound = [Identifier(.hostname, "host-\(device)"), Identifier(.serial, Self.serial)].compactMap { $0 }
            #expect(try await resolve(device) == .resolved(bound))
            #expect(try await test.holder(.serial, Self.serial) == TestStore.device(device))
        }
        try await report(1, .carried, nonce: 3)
        #expect(try await test.holder(.serial, Self.serial) == TestStore.device(2))
        #expect(try await resolve(9) == .unknown)
    }

    @Test("is that of a device that an operator names, however many others were there before it")
    func resolvedInACrowd() async throws {
        for device in 1...17 {
            try await test.register(device)
            try await report(device, .claimed, nonce: Int64(device))
        }
        _ = try await test.store.resolve(TestStore.device(17), force: false, audit: .test())
        #expect(try await test.holder(.serial, Self.serial) == TestStore.device(17))
    }

    @Test("is not confirmed any more by an inventory that has another certificate for it since")
    func inventoryChanged() async throws {
        try await test.register(1)
        func load(_ name: String) async throws {
            let item = InventoryItem(serial: "pf0fake1", certificateName: name, tag: "laptops")
            try await test.store.importInventory([item], replacing: true, at: TestStore.now, audit: .test())
        }
        try await load("machine-7.example.test")
        try await report(1, .inventory, nonce: 1)
        #expect(try await test.store.newestReport(of: TestStore.device(1))?.standing.serialRank == .inventory)
        try await load("machine-8.example.test")
        #expect(try await test.store.newestReport(of: TestStore.device(1))?.standing.serialRank == .claimed)
        try await report(1, .inventory, nonce: 2)
        let standing = try await test.store.newestReport(of: TestStore.device(1))?.standing
        #expect(standing?.serialRank == .refused && standing?.tag == nil)
    }

    @Test("is listed with its claimants, the rightful one first")
    func contested() async throws {
        try await test.register(1, 2, 3)
        for (device, foundation) in [(1, Foundation.claimed), (2, .carried), (3, .proven)] {
            try await report(device, foundation, nonce: Int64(device))
        }
        let contests = try await test.store.contested(limit: 10)
        #expect(contests.map(\.identifier) == [Identifier(.serial, Self.serial)])
        #expect(contests.first?.claimants.map(\.device) == [2, 3, 1].map(TestStore.device))
        #expect(contests.first?.claimants.map(\.rank) == [.certificate, .provenDevice, .claimed])
    }

    @Test("is remembered for sixteen claimants, and a better one still finds room")
    func crowd() async throws {
        for device in 1...20 {
            try await test.register(device)
            try await report(device, .claimed, nonce: Int64(device))
        }
        #expect(try await test.store.contested(limit: 10).first?.claimants.count == 16)
        #expect(try await test.holder(.serial, Self.serial) == TestStore.device(1))
        try await test.register(21)
        let change = try await report(21, .carried, nonce: 21)
        #expect(change?.taken.map(\.value) == ["pf0fake1"])
        #expect(try await test.holder(.serial, Self.serial) == TestStore.device(21))
        let serial = try #require(Identifier(.serial, Self.serial))
        #expect(try await test.store.reports(claiming: [serial])[serial]?.count == Claim.shownLimit)
    }
}
