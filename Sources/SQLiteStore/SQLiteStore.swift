internal import GRDB
internal import Glibc
package import PostureModel
package import ScorerModel
internal import ScorerStore

/// The store in one SQLite file, through GRDB: WAL, every acknowledged transaction synced to the disk.
package struct SQLiteStore: ScorerDatabase {
    let pool: DatabasePool
    /// The copy of the database that was made before its tables were changed just now; nil if they were not.
    package let copy: String?

    /// Opens or creates the file at `path`, which only its owner may read, and brings its tables up to date.
    ///
    /// A database that is to be changed is copied before. Both may take long: `progress` is told, on any thread, before this
    /// returns.
    ///
    /// - Throws: ``StoreError`` if a newer scorer has written it, or it is damaged; it is left as it is.
    package init(path: String, progress: @escaping UpgradeProgress.Handler = { _ in }) throws {
        try self.init(path: path, progress: progress, trace: nil)
    }

    /// Opens the file at `path`, and tells `trace` of every statement that is run on it, without its values.
    package init(path: String, trace: @escaping @Sendable (String) -> Void) throws {
        try self.init(path: path, progress: { _ in }, trace: trace)
    }

    init(
        path: String,
        schema: Schema = .current,
        progress: @escaping UpgradeProgress.Handler = { _ in },
        trace: (@Sendable (String) -> Void)?
    ) throws {
        var configuration = Configuration()
        if let trace {
            configuration.prepareDatabase { database in
                database.trace { event in
                    if case .statement(let statement) = event { trace(statement.sql) }
                }
            }
        }
        configuration.busyMode = .timeout(5)
        // SQLite gives the files beside the database the database's mode. What fails here, fails below with a reason.
        // Never one that is there: closing it would drop the locks of another store in this process, see fcntl(2).
        Glibc.close(unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600))
        let lock = try UpgradeLock(for: path)
        defer { lock.release() }
        copy = try Self.prepare(path, schema, progress)
        pool = try DatabasePool(path: path, configuration: configuration)
        try pool.writeWithoutTransaction { database in
            // GRDB opens WAL with NORMAL, which loses acknowledged rows in a power cut (docs/decisions/0008).
            try database.execute(sql: "PRAGMA synchronous = FULL")
            // What was deleted, such as a key or a token, does not stay in free pages.
            try database.execute(sql: "PRAGMA secure_delete = ON")
        }
        let observer = ProgressObserver { progress(.advanced) }
        pool.writeWithoutTransaction { observer.observe($0) }
        try schema.migrator.migrate(pool)
        pool.writeWithoutTransaction { observer.ignore($0) }
    }

    /// Closes the database: what was written is in the one file then.
    package func close() throws {
        // The last connection to close empties the companions, and a reader may not: GRDB closes those last, if it has any.
        pool.releaseMemory()
        try pool.close()
    }
}

/// Devices.
extension SQLiteStore {
    /// Reads in one read transaction, by keys.
    package func load(_ request: Snapshot.Request) async throws -> Snapshot {
        try await pool.read { try SnapshotReader.read(request, $0) }
    }

    /// Makes all of them in one transaction, each in a savepoint of its own.
    package func commit(_ commits: [Commit]) async throws -> [CommitOutcome] {
        try await pool.write { database in
            try commits.map { commit in
                var outcome = CommitOutcome.conflict
                try database.inSavepoint {
                    outcome = try ChangeWriter(database: database).make(commit)
                    return outcome == .committed ? .commit : .rollback
                }
                return outcome
            }
        }
    }

    /// One look-up by primary key.
    package func keys(of device: DeviceID) async throws -> [JWK]? {
        try await pool.read { database in
            guard
                let row = try Row.fetchOne(
                    database.cachedStatement(sql: "SELECT jwk, replaced_keys FROM device WHERE id = ?"),
                    arguments: [device.rawValue]
                )
            else { return nil }
            let current: JWK = try Wire.decode(from: Array((row["jwk"] as String).utf8))
            let replaced: [JWK] = try Wire.decode(from: Array((row["replaced_keys"] as String).utf8))
            return [current] + replaced.reversed()
        }
    }

    /// One page, by primary key.
    package func records(after: DeviceID?, limit: Int) async throws -> [DeviceRecord] {
        try await pool.read { try SnapshotReader.page(after: after, limit: limit, $0) }
    }
}

/// Why a store cannot be used.
package struct StoreError: Error, Sendable, CustomStringConvertible {
    /// A sentence that says what to do.
    package let description: String

    init(_ description: String) { self.description = description }
}
