import PostureModel
import ScorerModel
import ScorerStore
import StoreConformance
import TestSupport

@testable import SQLiteStore

/// A store in a file of its own.
struct TestStore {
    static let now = SampleDevice.now

    let directory: TemporaryDirectory
    let store: SQLiteStore

    /// Opens the file; `trace` is told of every statement.
    init(trace: (@Sendable (String) -> Void)? = nil) throws {
        directory = try TemporaryDirectory("store")
        store = try SQLiteStore(path: directory.file("scorer.sqlite"), trace: trace)
    }

    var path: String { directory.file("scorer.sqlite") }

    /// The database as SQL: what it holds, row by row.
    func dump() throws -> String { try runTool("sqlite3", [path, ".dump"]).text }

    func register(_ numbers: Int...) async throws {
        for number in numbers { try await store.add(SampleDevice.registration(number), at: Self.now) }
    }

    func accept(_ report: VerifiedReport) async throws { try await store.accept(report, at: Self.now) }

    func record(_ number: Int) async throws -> DeviceRecord? { try await store.record(of: SampleDevice.id(number)) }

    static func token(uses: Int) -> EnrolmentToken {
        EnrolmentToken(
            hash: "token",
            createdAt: now,
            expiresAt: now.adding(seconds: 3600),
            usesLeft: uses,
            createdBy: "alice"
        )
    }
}
