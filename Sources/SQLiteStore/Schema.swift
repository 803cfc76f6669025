internal import GRDB

/// The tables.
///
/// A migration, once released, is never changed; a new one is added.
///
/// The SQL stays plain, for PostgreSQL to take too: keys are device ids, nothing counts up, and no transaction spans
/// two devices. Times are microseconds since the epoch.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: devices, identifiers, tokens, nonce keys") { database in
            try database.execute(
                sql: """
                    CREATE TABLE device (
                        id TEXT PRIMARY KEY NOT NULL,
                        jwk TEXT NOT NULL,
                        registered_at INTEGER NOT NULL,
                        registered_by TEXT NOT NULL,
                        registered_certificate TEXT,
                        last_nonce_at INTEGER NOT NULL,
                        received_at INTEGER,
                        report TEXT,
                        verdicts TEXT
                    );
                    CREATE INDEX device_of_certificate ON device (registered_certificate);
                    CREATE TABLE identifier (
                        kind TEXT NOT NULL,
                        value TEXT NOT NULL,
                        device TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
                        since INTEGER NOT NULL,
                        PRIMARY KEY (kind, value)
                    );
                    CREATE INDEX identifier_of_device ON identifier (device);
                    CREATE TABLE enrolment_token (
                        hash TEXT PRIMARY KEY NOT NULL,
                        created_at INTEGER NOT NULL,
                        expires_at INTEGER NOT NULL,
                        uses_left INTEGER NOT NULL
                    );
                    CREATE TABLE nonce_key (
                        id INTEGER PRIMARY KEY NOT NULL,
                        secret BLOB NOT NULL,
                        created_at INTEGER NOT NULL
                    );
                    """
            )
        }
        migrator.registerMigration("2: trusted CAs; verdicts that say how a chain is revoked") { database in
            try database.execute(
                sql: """
                    CREATE TABLE authority (
                        id TEXT PRIMARY KEY NOT NULL,
                        name TEXT NOT NULL,
                        certificates TEXT NOT NULL,
                        digest TEXT NOT NULL UNIQUE,
                        added_at INTEGER NOT NULL
                    );
                    """
            )
            // A verdict of the version before named the serial numbers of its chain, without their issuers.
            try database.execute(
                sql: """
                    UPDATE device SET verdicts = (
                        SELECT json_group_array(json_set(value, '$.chain', json('[]'), '$.bound', json('{}')))
                        FROM json_each(device.verdicts)
                    ) WHERE verdicts IS NOT NULL
                    """
            )
        }
        migrator.registerMigration("3: devices by the time of their newest report") { database in
            try database.execute(sql: "CREATE INDEX device_of_receipt ON device (received_at)")
        }
        migrator.registerMigration("4: what operators decide") { database in
            try database.execute(
                sql: """
                    CREATE TABLE block (
                        kind TEXT NOT NULL,
                        value TEXT NOT NULL,
                        device TEXT NOT NULL,
                        reason TEXT NOT NULL,
                        created_by TEXT NOT NULL,
                        created_at INTEGER NOT NULL,
                        PRIMARY KEY (kind, value, device)
                    );
                    CREATE TABLE waiver (
                        device TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
                        rule TEXT NOT NULL,
                        expires_at INTEGER NOT NULL,
                        reason TEXT NOT NULL,
                        created_by TEXT NOT NULL,
                        created_at INTEGER NOT NULL,
                        PRIMARY KEY (device, rule)
                    );
                    CREATE TABLE inventory (
                        serial TEXT PRIMARY KEY NOT NULL,
                        certificate_name TEXT,
                        tag TEXT,
                        imported_at INTEGER NOT NULL
                    );
                    CREATE TABLE audit (
                        id TEXT PRIMARY KEY NOT NULL,
                        at INTEGER NOT NULL,
                        actor TEXT NOT NULL,
                        action TEXT NOT NULL,
                        subject TEXT NOT NULL,
                        detail TEXT NOT NULL
                    );
                    CREATE INDEX audit_by_time ON audit (at);
                    """
            )
        }
        migrator.registerMigration("5: claims with ranks, two machines with one key, outages, strangers") { database in
            try database.execute(
                sql: """
                    CREATE TABLE claim (
                        kind TEXT NOT NULL,
                        value TEXT NOT NULL,
                        device TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
                        rank INTEGER NOT NULL,
                        since INTEGER NOT NULL,
                        PRIMARY KEY (kind, value, device)
                    );
                    CREATE INDEX claim_by_rank ON claim (kind, value, rank DESC, since, device);
                    CREATE INDEX claim_of_device ON claim (device, kind);
                    INSERT INTO claim SELECT kind, value, device, 1, since FROM identifier;
                    DROP TABLE identifier;
                    ALTER TABLE device ADD COLUMN serial TEXT;
                    ALTER TABLE device ADD COLUMN hostname TEXT;
                    ALTER TABLE device ADD COLUMN boots TEXT;
                    ALTER TABLE device ADD COLUMN failing TEXT;
                    ALTER TABLE device ADD COLUMN proven TEXT;
                    ALTER TABLE device ADD COLUMN cloned_at INTEGER;
                    UPDATE device SET serial = (SELECT c.value FROM claim AS c WHERE c.device = device.id AND c.kind = 'serial');
                    CREATE INDEX device_by_serial ON device (serial);
                    CREATE INDEX device_by_hostname ON device (hostname);
                    CREATE TABLE outage (began INTEGER PRIMARY KEY NOT NULL, ended INTEGER NOT NULL);
                    CREATE TABLE setting (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL);
                    CREATE TABLE stranger (
                        warp_id TEXT PRIMARY KEY NOT NULL,
                        serial TEXT NOT NULL,
                        hostname TEXT NOT NULL,
                        email TEXT NOT NULL,
                        ipv4 TEXT NOT NULL,
                        reason TEXT NOT NULL,
                        first_at INTEGER NOT NULL,
                        last_at INTEGER NOT NULL
                    );
                    CREATE INDEX stranger_by_time ON stranger (last_at);
                    """
            )
        }
        return migrator
    }

    /// The number that a migration's name begins with; nil for what no scorer has registered.
    static func number(_ migration: String) -> Int? {
        migration.firstIndex(of: ":").flatMap { Int(migration[..<$0]) }
    }
}
