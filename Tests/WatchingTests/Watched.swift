import Foundation
import TestSupport

@testable import Watching

/// A watcher, and a file of its own by which a test knows that everything before it has been seen.
struct Watched: Sendable {
    private let directory: TemporaryDirectory
    private let last: String
    private let watcher: ChangeWatcher

    init(_ files: [String] = [], clock: CInt? = nil) throws {
        directory = try TemporaryDirectory("watched")
        last = try directory.write([], to: "last")
        watcher =
            if let clock { try ChangeWatcher(files: files + [last], clock: clock) } else {
                try ChangeWatcher(files: files + [last])
            }
    }

    /// What could not be watched.
    var unwatched: [Unwatched] { watcher.unwatched }

    /// Everything that changed by `action`.
    func changes(by action: () throws -> Void) async throws -> Set<Change> {
        try action()
        // One event, and the queue keeps their order.
        try runTool("chmod", ["600", last])
        var changes = try await changes(through: .file(path: last))
        changes.remove(.file(path: last))
        return changes
    }

    /// Everything that changed, up to and with this.
    func changes(through change: Change) async throws -> Set<Change> {
        var all: Set<Change> = []
        for await some in watcher.changes {
            all.formUnion(some)
            if all.contains(change) { return all }
        }
        throw Failure(description: "the changes ended without \(change)")
    }
}

/// Why a test could not do what it is about.
struct Failure: Error {
    let description: String
}
