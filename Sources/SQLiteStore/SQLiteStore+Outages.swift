internal import GRDB
package import PostureModel
package import ScorerModel

/// When the scorer was not receiving, whom it was asked about in vain, and what it keeps for itself.
extension SQLiteStore {
    /// Seconds for which an outage is remembered: no report counts for longer.
    private static let outageMemory: Int64 = 366 * 86_400
    /// How many strangers are remembered.
    private static let strangerLimit = 10_000

    /// One transaction, so that of two scorers on one database neither was away while the other was not.
    package func beat(at now: Timestamp, tolerance: Int64) async throws -> [Outage] {
        try await pool.write { database in
            let last = try Self.setting("beat", database).flatMap(Int64.init).map(Timestamp.init(microseconds:))
            if let last, now.seconds(since: last) > tolerance {
                try database.execute(
                    sql:
                        "INSERT INTO outage (began, ended) VALUES (?, ?) ON CONFLICT (began) DO UPDATE SET ended = excluded.ended",
                    arguments: [last.microseconds, now.microseconds]
                )
            }
            try Self.set("beat", "\(now.microseconds)", database)
            try database.execute(
                // One that ends in the future was written by a clock that was wrong.
                sql: "DELETE FROM outage WHERE ended < ? OR ended > ?",
                arguments: [
                    now.adding(seconds: -Self.outageMemory).microseconds, now.adding(seconds: 300).microseconds,
                ]
            )
            return try Self.outages(database)
        }
    }

    /// One look-up by primary key.
    package func lastBeat() async throws -> Timestamp? {
        try await setting("beat").flatMap(Int64.init).map(Timestamp.init(microseconds:))
    }

    /// One walk through a short table.
    package func outages() async throws -> [Outage] {
        try await pool.read { try Self.outages($0) }
    }

    private static func outages(_ database: Database) throws -> [Outage] {
        let query = "SELECT began, ended FROM outage ORDER BY began DESC LIMIT 1000"
        return try Row.fetchAll(database, sql: query).map {
            Outage(began: Timestamp(microseconds: $0["began"]), ended: Timestamp(microseconds: $0["ended"]))
        }
    }

    /// One transaction for all of them.
    package func remember(_ strangers: [Stranger]) async throws {
        guard !strangers.isEmpty else { return }
        try await pool.write { database in
            for stranger in strangers {
                try database.execute(
                    sql: """
                        INSERT INTO stranger (warp_id, serial, hostname, email, ipv4, reason, first_at, last_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                        ON CONFLICT (warp_id) DO UPDATE SET serial = excluded.serial, hostname = excluded.hostname,
                            email = excluded.email, ipv4 = excluded.ipv4, reason = excluded.reason, last_at = excluded.last_at
                        """,
                    arguments: [
                        stranger.warpID, stranger.serial, stranger.hostname, stranger.email, stranger.ipv4,
                        stranger.reason,
                        stranger.firstAt.microseconds, stranger.lastAt.microseconds,
                    ]
                )
            }
            try database.execute(
                sql: """
                    DELETE FROM stranger WHERE warp_id IN (
                        SELECT warp_id FROM stranger ORDER BY last_at DESC LIMIT -1 OFFSET ?
                    )
                    """,
                arguments: [Self.strangerLimit]
            )
        }
    }

    /// Those whom a device has claimed since are none any more.
    package func strangers(limit: Int) async throws -> [Stranger] {
        try await pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM stranger AS s WHERE NOT EXISTS (
                        SELECT 1 FROM claim WHERE kind = 'warp' AND value = lower(s.warp_id) AND rank > 0
                    ) ORDER BY last_at DESC LIMIT ?
                    """,
                arguments: [limit]
            ).map { row in
                Stranger(
                    warpID: row["warp_id"],
                    serial: row["serial"],
                    hostname: row["hostname"],
                    email: row["email"],
                    ipv4: row["ipv4"],
                    reason: row["reason"],
                    firstAt: Timestamp(microseconds: row["first_at"]),
                    lastAt: Timestamp(microseconds: row["last_at"])
                )
            }
        }
    }

    /// One look-up by primary key.
    package func setting(_ name: String) async throws -> String? {
        try await pool.read { database in try Self.setting(name, database) }
    }

    /// One transaction.
    package func set(_ name: String, to text: String?, audit: AuditEntry?) async throws {
        try await pool.write { database in
            try Self.set(name, text, database)
            try audit?.insert(database)
        }
    }

    private static func setting(_ name: String, _ database: Database) throws -> String? {
        try String.fetchOne(database, sql: "SELECT value FROM setting WHERE name = ?", arguments: [name])
    }

    private static func set(_ name: String, _ text: String?, _ database: Database) throws {
        guard let text else {
            try database.execute(sql: "DELETE FROM setting WHERE name = ?", arguments: [name])
            return
        }
        try database.execute(
            sql:
                "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            arguments: [name, text]
        )
    }
}
