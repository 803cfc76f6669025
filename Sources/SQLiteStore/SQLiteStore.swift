internal import GRDB
internal import Glibc
@_spi(Verifying) package import PostureModel
package import ScorerModel
internal import ScorerStore

/// The store in one SQLite file, through GRDB: WAL, every acknowledged transaction synced to the disk.
package struct SQLiteStore: ReportStore {
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
    package init(
        path: String,
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
        configuration.foreignKeysEnabled = true
        // SQLite gives the files beside the database the database's mode. What fails here, fails below with a reason.
        // Never one that is there: closing it would drop the locks of another store in this process, see fcntl(2).
        Glibc.close(unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600))
        let lock = try UpgradeLock(for: path)
        defer { lock.release() }
        copy = try Self.prepare(path, progress)
        pool = try DatabasePool(path: path, configuration: configuration)
        try pool.writeWithoutTransaction { database in
            // GRDB opens WAL with NORMAL, which loses acknowledged rows in a power cut (docs/decisions/0008).
            try database.execute(sql: "PRAGMA synchronous = FULL")
            // What was deleted, such as a key or a token, does not stay in free pages.
            try database.execute(sql: "PRAGMA secure_delete = ON")
        }
        let observer = ProgressObserver { progress(.advanced) }
        pool.writeWithoutTransaction { observer.observe($0) }
        try Schema.migrator.migrate(pool)
        pool.writeWithoutTransaction { observer.ignore($0) }
    }

    /// Closes the database: what was written is in the one file then.
    package func close() throws {
        // The last connection to close empties the companions, and a reader may not: GRDB closes those last, if it has any.
        pool.releaseMemory()
        try pool.close()
    }

    /// Registers in one transaction: a token is used up only if the device is stored.
    package func register(
        _ registration: VerifiedRegistration,
        by authorisation: Authorisation,
        at now: Timestamp
    ) async throws -> RegistrationOutcome {
        let id = registration.device.rawValue
        let jwk = try json(registration.key)
        return try await pool.write { database in
            if try Row.fetchOne(database, sql: "SELECT 1 FROM device WHERE id = ?", arguments: [id]) != nil {
                return .alreadyKnown
            }
            var certificate: String?
            switch authorisation {
            case .certificate(let fingerprint, let limit):
                let count = try Int.fetchOne(
                    database,
                    sql: "SELECT COUNT(*) FROM device WHERE registered_certificate = ?",
                    arguments: [fingerprint]
                )
                guard count ?? 0 < limit else {
                    return .refused(
                        reason: "\(limit) devices have registered by this certificate already: use an enrolment token"
                    )
                }
                certificate = fingerprint
            case .token(let hash):
                try database.execute(
                    sql: """
                        UPDATE enrolment_token SET uses_left = uses_left - 1
                        WHERE hash = ? AND uses_left > 0 AND expires_at > ?
                        """,
                    arguments: [hash, now.microseconds]
                )
                guard database.changesCount == 1 else { return .refused(reason: try refusal(of: hash, database)) }
            }
            try database.execute(
                sql: """
                    INSERT INTO device
                        (id, jwk, registered_at, registered_by, registered_certificate, last_nonce_at)
                    VALUES (?, ?, ?, ?, ?, 0)
                    """,
                arguments: [id, jwk, now.microseconds, certificate == nil ? "token" : "certificate", certificate]
            )
            return .registered
        }
    }

    private func refusal(of hash: String, _ database: Database) throws -> String {
        let row = try Row.fetchOne(
            database,
            sql: "SELECT uses_left FROM enrolment_token WHERE hash = ?",
            arguments: [hash]
        )
        guard let row else { return "the enrolment token is not known: make one with 'posture-scorer token new'" }
        return row["uses_left"] == 0 ? "the enrolment token is used up" : "the enrolment token has expired"
    }

    /// One look-up by primary key.
    package func key(of device: DeviceID) async throws -> JWK? {
        let text = try await pool.read { database in
            try String.fetchOne(database, sql: "SELECT jwk FROM device WHERE id = ?", arguments: [device.rawValue])
        }
        return try text.map { try Wire.decode(from: Array($0.utf8)) }
    }
}

/// Why a store cannot be used.
package struct StoreError: Error, Sendable, CustomStringConvertible {
    /// A sentence that says what to do.
    package let description: String

    init(_ description: String) { self.description = description }
}

func json(_ value: some Encodable) throws -> String {
    String(decoding: try Wire.encode(value), as: UTF8.self)
}
