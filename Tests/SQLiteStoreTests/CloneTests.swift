import PostureModel
import ScorerModel
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("Two machines with one key")
struct CloneTests {
    let test: TestStore

    init() throws { test = try TestStore() }

    /// Reports from these boots, one a minute; which of them gave the clone away.
    func clones(_ boots: [String?], seconds: Int64 = 60) async throws -> [Int] {
        try await test.register(1)
        var shown: [Int] = []
        for (index, boot) in boots.enumerated() {
            let report = TestStore.report(1, nonce: Int64(index + 1), bootID: boot)
            if try await test.accept(report, after: Int64(index) * seconds).change?.isClone == true {
                shown.append(index)
            }
        }
        return shown
    }

    @Test("give themselves away by going back and forth between boots, once")
    func interleaved() async throws {
        #expect(try await clones(["a", "b", "a", "b", "a", "b"]) == [3])
        let standing = try await test.store.newestReport(of: TestStore.device(1))?.standing
        #expect(standing?.clonedAt == TestStore.now.adding(seconds: 180))
        #expect(try await test.store.clones(limit: 10) == [TestStore.device(1)])
        #expect(try await test.store.unflag(TestStore.device(1), audit: .test()))
        #expect(try await test.store.clones(limit: 10) == [])
    }

    @Test(
        "are not what one machine is, that reboots, does not say its boot, or goes back to a snapshot once",
        arguments: [
            ["a", "a", "b", "b", "c", "d", "e", "f", "g", "h", "i", "j"], [nil, nil, nil], [nil, "a", "a", "b"],
            ["a", "b", "a", "c", "d"],
        ] as [[String?]]
    )
    func one(boots: [String?]) async throws {
        #expect(try await clones(boots) == [])
    }

    @Test("are not what goes back to a snapshot every other day")
    func rare() async throws {
        #expect(try await clones(["a", "b", "a", "b", "a"], seconds: 2 * 86_400) == [])
    }

    @Test("give themselves away too where one does not say its boot, or makes up one after the other")
    func evasion() async throws {
        #expect(try await clones(["a", nil, "a", nil]) == [3])
        try await test.register(2)
        var shown: [Int] = []
        for index in 0..<40 {
            let report = TestStore.report(2, nonce: Int64(index + 1), bootID: "made-up-\(index)")
            if try await test.accept(report, after: Int64(index)).change?.isClone == true { shown.append(index) }
        }
        #expect(shown == [31])
    }
}
