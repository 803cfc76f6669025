import PostureModel
import ScorerModel
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerCore

@Suite("An import of the inventory")
struct InventoryImportTests {
    let operators: OperatorHarness
    let proof = OperatorHarness.proof("k")

    init() throws { operators = try OperatorHarness() }

    func take(_ lines: String, replacing: Bool = false) async throws {
        let file = try InventoryFile(csv: Array("serial,certificate_name,warp_id\n\(lines)\n".utf8))
        try await operators.commands.importInventory(file, replacing: replacing)
    }

    /// The strengths of the claims to the serial number and to the WARP id of the line.
    func strengths() async throws -> [[ClaimStrength]] {
        [
            try await operators.claims(.serial, "pf0fake1").map(\.strength),
            try await operators.claims(.warp, "w-1").map(\.strength),
        ]
    }

    func expectedDevice() async throws {
        try await take("PF0FAKE1,a.test,w-1")
        try await operators.report(1, serial: "PF0FAKE1", warpIDs: ["w-1"], checks: [proof])
        #expect(try await strengths() == [[.expected], [.expected]])
    }

    @Test(
        "takes back what the line made a device hold where the line changes, of the WARP id too",
        arguments: [
            ("PF0FAKE1,b.test,w-1", false, [ClaimStrength.reported], [ClaimStrength.reported]),
            ("PF0FAKE1,a.test,w-2", false, [.expected], [.reported]),
            ("PF0FAKE1,a.test,", false, [.expected], [.reported]),
            ("PF0FAKE1,,w-1", false, [.reported], [.reported]), ("PF0FAKE2,,", true, [.reported], [.reported]),
            ("PF0FAKE2,,", false, [.expected], [.expected]), ("PF0FAKE1,a.test,w-1", true, [.expected], [.expected]),
        ]
    )
    func changed(line: String, replacing: Bool, serial: [ClaimStrength], warp: [ClaimStrength]) async throws {
        try await expectedDevice()
        try await take(line, replacing: replacing)
        #expect(try await strengths() == [serial, warp])
    }

    @Test("of two that replace at once loses nothing: one comes after the other")
    func atOnce() async throws {
        try await expectedDevice()
        let commands = operators.commands
        let files = try (1...6).map { number in
            try InventoryFile(csv: Array("serial,certificate_name,warp_id\nPF0FAKE1,n\(number).test,w-1\n".utf8))
        }
        var done = 0
        try await withThrowingTaskGroup { group in
            for file in files {
                group.addTask {
                    // Where five came before at every attempt it is refused, and has changed nothing.
                    do { try await commands.importInventory(file, replacing: true) } catch is OperatorError {
                        return false
                    }
                    return true
                }
            }
            for try await isDone in group where isDone { done += 1 }
        }
        let count = try await operators.store.inventory(after: nil, limit: 9).count
        #expect(done > 0 && count == 1)
        #expect(try await operators.store.inventoryVersion() == Int64(done) + 1)
        #expect(try await strengths() == [[.reported], [.reported]])
    }
}
