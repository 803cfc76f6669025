internal import GRDB
internal import GRDBSQLite

/// The progress of opening a database of an older version.
package enum UpgradeProgress: Sendable, Equatable {
    /// The database is copied before it is changed; the path is the copy's.
    case willCopy(to: String)
    /// Copying or changing it has got further. Said often: many times a second.
    case advanced

    /// Is told of it, on any thread.
    package typealias Handler = @Sendable (UpgradeProgress) -> Void
}

/// Is told by SQLite that a statement gets further.
///
/// It has to live for as long as the connection that it observes, or until it ignores it.
///
/// - Source: <https://www.sqlite.org/c3ref/progress_handler.html>
final class ProgressObserver: Sendable {
    /// In instructions of SQLite's virtual machine: some hundred rows of a copy.
    private static let interval: CInt = 1000
    private let advanced: @Sendable () -> Void

    init(_ advanced: @escaping @Sendable () -> Void) { self.advanced = advanced }

    func observe(_ database: Database) {
        let handler: @convention(c) (UnsafeMutableRawPointer?) -> CInt = { observer in
            if let observer = unsafe observer {
                unsafe Unmanaged<ProgressObserver>.fromOpaque(observer).takeUnretainedValue().advanced()
            }
            return 0  // Anything else would interrupt the statement.
        }
        let observer = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe sqlite3_progress_handler(database.sqliteConnection, Self.interval, handler, observer)
    }

    func ignore(_ database: Database) { unsafe sqlite3_progress_handler(database.sqliteConnection, 0, nil, nil) }
}
