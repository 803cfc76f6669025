import PostureModel
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerModel

@Suite("What a device is known by")
struct IdentifierTests {
    let test: TestStore

    init() throws { test = try TestStore() }

    @Test("stays with the device that claimed it first")
    func firstClaimant() async throws {
        try await test.register(1, 2)
        try await test.accept(TestStore.report(1, nonce: 1, serial: "PF0FAKE1", warpIDs: ["w1"]))
        let refused = [Identifier(.warp, "w1"), Identifier(.serial, "PF0FAKE1")]
        let second = TestStore.report(2, nonce: 2, serial: "pf0fake1", warpIDs: ["W1", "w2"])
        #expect(try await test.accept(second).change?.refused == refused)
        #expect(try await test.holder(.serial, "PF0FAKE1") == TestStore.device(1))
        #expect(try await test.holder(.warp, "w1") == TestStore.device(1))
        #expect(try await test.holder(.warp, "w2") == TestStore.device(2))
    }

    @Test("is free again once its device has reported another")
    func freed() async throws {
        try await test.register(1, 2)
        try await test.accept(TestStore.report(1, nonce: 1, serial: "PF0FAKE1"))
        try await test.accept(TestStore.report(1, nonce: 2, serial: "PF0FAKE2"))
        #expect(try await test.holder(.serial, "PF0FAKE1") == nil, "a device has one serial number at a time")
        #expect(try await test.holder(.serial, "PF0FAKE2") == TestStore.device(1))
        try await test.accept(TestStore.report(2, nonce: 3, serial: "PF0FAKE1"))
        #expect(try await test.holder(.serial, "PF0FAKE1") == TestStore.device(2))
    }

    @Test("is not given up for a serial number that is junk or not known", arguments: ["None", "00000000", "", nil])
    func junk(serial: String?) async throws {
        try await test.register(1)
        try await test.accept(TestStore.report(1, nonce: 1, serial: "PF0FAKE1"))
        try await test.accept(TestStore.report(1, nonce: 2, serial: serial))
        #expect(try await test.holder(.serial, "PF0FAKE1") == TestStore.device(1))
    }

    @Test("of WARP is replaced as a set, and kept where a report names none")
    func warpSet() async throws {
        try await test.register(1)
        try await test.accept(TestStore.report(1, nonce: 1, warpIDs: ["w1", "w2"]))
        try await test.accept(TestStore.report(1, nonce: 2, warpIDs: ["w2", "w3"]))
        for (id, holder) in [("w1", nil), ("w2", TestStore.device(1)), ("w3", TestStore.device(1))] {
            #expect(try await test.holder(.warp, id) == holder)
        }
        try await test.accept(TestStore.report(1, nonce: 3))
        #expect(try await test.holder(.warp, "w3") == TestStore.device(1))
    }

    @Test("of WARP is taken up to the eighth")
    func manyWARPIDs() async throws {
        try await test.register(1)
        try await test.accept(TestStore.report(1, nonce: 1, warpIDs: (1...9).map { "w\($0)" }))
        #expect(try await test.holder(.warp, "w8") == TestStore.device(1))
        #expect(try await test.holder(.warp, "w9") == nil)
    }

    @Test("is looked up two thousand at once, in any letter case, and each of its kind")
    func manyAtOnce() async throws {
        for number in 0..<20 {
            try await test.register(number)
            try await test.accept(
                TestStore.report(number, nonce: 1, serial: "PF0FAKE\(number)", warpIDs: ["WARP-\(number)"])
            )
        }
        let asked = (0..<1000).flatMap { [Identifier(.warp, "warp-\($0)"), Identifier(.serial, " pf0fake\($0) ")] }
        let found = try await test.store.reports(claiming: Set(asked.compactMap { $0 }))
        #expect(found.count == 40)
        for number in 0..<20 {
            for key in [Identifier(.warp, "warp-\(number)"), Identifier(.serial, "PF0FAKE\(number)")] {
                let report = found[try #require(key)]?.first
                #expect(report?.report.report.device == TestStore.device(number))
            }
        }
        #expect(try await test.holder(.serial, "warp-1") == nil)
        #expect(try await test.store.reports(claiming: []).isEmpty)
    }

    @Test("of WARP marks its device, though a later report names none")
    func hasWARPID() async throws {
        try await test.register(1)
        func isMarked() async throws -> Bool? {
            try await test.store.newestReport(of: TestStore.device(1))?.standing.hasWARPID
        }
        try await test.accept(TestStore.report(1, nonce: 1, serial: "PF0FAKE1"))
        #expect(try await isMarked() == false)
        try await test.accept(TestStore.report(1, nonce: 2, serial: "PF0FAKE1", warpIDs: ["w1"]))
        try await test.accept(TestStore.report(1, nonce: 3, serial: "PF0FAKE1"))
        #expect(try await isMarked() == true)
        let serial = try #require(Identifier(.serial, "PF0FAKE1"))
        #expect(try await test.store.reports(claiming: [serial])[serial]?.first?.standing.hasWARPID == true)
    }

    @Test("is found for the others where one report cannot be read")
    func unreadableRow() async throws {
        try await test.register(1, 2)
        try await test.accept(TestStore.report(1, nonce: 1, serial: "PF0FAKE1"))
        try await test.accept(TestStore.report(2, nonce: 1, serial: "PF0FAKE2"))
        let broken = "UPDATE device SET report = '{\"schema\":99}' WHERE id = '\(TestStore.device(1))'"
        try runTool("sqlite3", [test.path, broken])
        let asked = [Identifier(.serial, "PF0FAKE1"), Identifier(.serial, "PF0FAKE2")].compactMap { $0 }
        let found = try await test.store.reports(claiming: Set(asked))
        #expect(found.keys.map(\.value) == ["pf0fake2"])
    }

    @Test("is not anybody's while its device has not reported")
    func unreported() async throws {
        try await test.register(1)
        #expect(try await test.holder(.serial, "PF0FAKE1") == nil)
    }

    /// As long as an identifier may be, and without a pattern that a placeholder would have.
    private static let longSerial: String = {
        let letters: [Character] = Array("0123456789abcdefghjk")
        return String(
            (0..<256).map { (index: Int) -> Character in letters[(index * index + index / 7) % letters.count] }
        )
    }()

    @Test(
        "is trimmed and without regard to case, and never blank, endless or junk",
        arguments: [
            (.warp, " ABC ", "abc"), (.serial, "PF0FAKE1\0", "pf0fake1"), (.warp, "  ", nil), (.warp, "", nil),
            (.serial, "Default string", nil), (.warp, "Default string", "default string"),
            (.serial, Self.longSerial, Self.longSerial),
            (.warp, String(repeating: "a", count: 257), nil), (.warp, "a\nb", nil), (.serial, "PF0\u{202e}FAKE1", nil),
        ] as [(Identifier.Kind, String, String?)]
    )
    func form(kind: Identifier.Kind, text: String, value: String?) {
        #expect(Identifier(kind, text)?.value == value)
    }
}
