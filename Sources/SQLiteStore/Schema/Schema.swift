internal import GRDB

/// The tables, by the migrations that made them.
///
/// A migration, once released, is never changed; a new one is added. A migration's name begins with its number.
///
/// Times are microseconds since the epoch. The SQL stays flat, so that another engine can take it: text keys, arrays of them,
/// no foreign keys, no uniqueness besides primary keys and the digest of the few trusted CAs.
struct Schema: Sendable {
    /// One step from one version to the next.
    struct Migration: Sendable {
        let name: String
        let sql: String

        /// The number that the name begins with.
        static func number(_ name: String) -> Int? {
            name.firstIndex(of: ":").flatMap { Int(name[..<$0]) }
        }
    }

    var migrations: [Migration]

    /// The tables of this version.
    static let current = Schema(migrations: [first, second])

    var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for migration in migrations {
            migrator.registerMigration(migration.name) { try $0.execute(sql: migration.sql) }
        }
        return migrator
    }

    private static let first = Migration(name: "1: devices, and what scorers keep", sql: devices + identity + service)
    private static let second = Migration(name: "2: what operators decide", sql: decisions)

    private static let devices = """
        CREATE TABLE device (
            id TEXT PRIMARY KEY NOT NULL,
            version INTEGER NOT NULL,
            jwk TEXT NOT NULL,
            key_thumbprint TEXT NOT NULL,
            replaced_keys TEXT NOT NULL,
            registered_at INTEGER NOT NULL,
            registered_by TEXT NOT NULL,
            registration TEXT NOT NULL,
            retired_at INTEGER,
            received_at INTEGER,
            nonce_issued_at INTEGER,
            verdicts TEXT,
            hostname TEXT,
            serial_shown TEXT,
            operating_system TEXT,
            agent TEXT,
            warp TEXT,
            reported TEXT NOT NULL,
            serial TEXT,
            continuity TEXT,
            failing TEXT NOT NULL
        );
        CREATE INDEX device_of_registration ON device (registration);
        CREATE INDEX device_of_receipt ON device (retired_at, received_at);
        CREATE INDEX device_of_warp ON device (retired_at, warp, id);
        CREATE TABLE report (device TEXT PRIMARY KEY NOT NULL, payload BLOB NOT NULL);
        CREATE TABLE device_name (
            key TEXT NOT NULL,
            kind TEXT NOT NULL,
            device TEXT NOT NULL,
            spoken TEXT NOT NULL,
            PRIMARY KEY (key, kind, device, spoken)
        ) WITHOUT ROWID;
        CREATE INDEX device_name_of_device ON device_name (device);
        CREATE TABLE claim (
            kind TEXT NOT NULL,
            value TEXT NOT NULL,
            device TEXT NOT NULL,
            strength TEXT NOT NULL,
            since INTEGER NOT NULL,
            in_conflict INTEGER NOT NULL,
            PRIMARY KEY (kind, value, device)
        ) WITHOUT ROWID;
        CREATE INDEX claim_of_device ON claim (device);
        CREATE INDEX claim_in_conflict ON claim (kind, value, in_conflict) WHERE in_conflict = 1;

        """

    private static let identity = """
        CREATE TABLE device_tag (
            device TEXT NOT NULL,
            name TEXT NOT NULL,
            origin TEXT NOT NULL,
            serial TEXT NOT NULL,
            PRIMARY KEY (device, name, origin, serial)
        ) WITHOUT ROWID;
        CREATE INDEX device_tag_of_line ON device_tag (origin, serial, name);
        CREATE TABLE identity_notice (
            device TEXT NOT NULL,
            kind TEXT NOT NULL,
            other TEXT NOT NULL,
            since INTEGER NOT NULL,
            PRIMARY KEY (device, kind, other)
        ) WITHOUT ROWID;
        CREATE INDEX identity_notice_by_time ON identity_notice (kind, since);
        CREATE TABLE row_in_use (
            device TEXT PRIMARY KEY NOT NULL,
            row_id TEXT NOT NULL,
            kind TEXT NOT NULL,
            strength TEXT NOT NULL,
            agreeing TEXT NOT NULL,
            asked_at INTEGER NOT NULL,
            passed_on TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX row_in_use_by_time ON row_in_use (asked_at, kind, strength, agreeing);

        """

    private static let decisions = """
        CREATE TABLE block (
            kind TEXT NOT NULL,
            value TEXT NOT NULL,
            device TEXT NOT NULL,
            reason TEXT NOT NULL,
            created_by TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (kind, value, device)
        ) WITHOUT ROWID;
        CREATE INDEX block_of_device ON block (device);
        CREATE TABLE waiver (
            device TEXT NOT NULL,
            rule TEXT NOT NULL,
            expires_at INTEGER NOT NULL,
            reason TEXT NOT NULL,
            created_by TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (device, rule)
        ) WITHOUT ROWID;
        CREATE TABLE inventory (
            serial TEXT PRIMARY KEY NOT NULL,
            certificate_name TEXT,
            tag TEXT,
            warp_id TEXT,
            imported_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE enrolment_token (
            hash TEXT PRIMARY KEY NOT NULL,
            created_at INTEGER NOT NULL,
            created_by TEXT NOT NULL,
            expires_at INTEGER NOT NULL,
            uses_left INTEGER NOT NULL,
            replaces TEXT
        ) WITHOUT ROWID;
        CREATE TABLE trusted_ca (
            id TEXT PRIMARY KEY NOT NULL,
            name TEXT NOT NULL,
            certificates TEXT NOT NULL,
            digest TEXT NOT NULL UNIQUE,
            added_at INTEGER NOT NULL
        );
        CREATE TABLE audit (
            id TEXT PRIMARY KEY NOT NULL,
            at INTEGER NOT NULL,
            actor TEXT NOT NULL,
            action TEXT NOT NULL,
            subject TEXT NOT NULL,
            detail TEXT NOT NULL
        );
        CREATE INDEX audit_by_time ON audit (at, id);

        """

    private static let service = """
        CREATE TABLE nonce_key (id INTEGER PRIMARY KEY NOT NULL, secret BLOB NOT NULL, created_at INTEGER NOT NULL);
        CREATE TABLE outage (began INTEGER PRIMARY KEY NOT NULL, ended INTEGER NOT NULL);
        CREATE TABLE setting (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE unmatched_device (
            row_id TEXT PRIMARY KEY NOT NULL,
            warp_id TEXT NOT NULL,
            serial TEXT NOT NULL,
            hostname TEXT NOT NULL,
            email TEXT NOT NULL,
            ipv4 TEXT NOT NULL,
            reason TEXT NOT NULL,
            first_at INTEGER NOT NULL,
            last_at INTEGER NOT NULL
        );
        CREATE INDEX unmatched_device_by_time ON unmatched_device (last_at);
        CREATE TABLE revocation_list (issuer_key TEXT PRIMARY KEY NOT NULL, this_update INTEGER NOT NULL, der BLOB NOT NULL);
        """
}
