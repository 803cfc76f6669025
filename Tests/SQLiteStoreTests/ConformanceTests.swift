import StoreConformance
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("The SQLite store obeys the rules")
struct ConformanceTests {
    @Test("that hold for every engine", arguments: StoreConformance.rules)
    func obeys(_ rule: Rule) async throws {
        let directory = try TemporaryDirectory("conformance")
        try await rule.check { try SQLiteStore(path: directory.file("scorer.sqlite")) }
    }
}
