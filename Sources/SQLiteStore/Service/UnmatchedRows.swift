internal import GRDB
internal import PostureModel
package import ScorerModel

/// How many rows are remembered.
private let unmatchedLimit = 10_000

/// The rows of posture queries whose last question matched no device.
extension SQLiteStore {
    /// One transaction for all of them, and none where there is nothing to change; a row is found by its WARP id in lower case.
    package func remember(_ rows: [UnmatchedDevice], matched: [String]) async throws {
        let matched = try json(Set(matched.map { $0.lowercased() }).sorted())
        let list = "row_id IN (SELECT value FROM json_each(?))"
        let isListed = try await pool.read { database in
            let query = "SELECT 1 FROM unmatched_device WHERE \(list) LIMIT 1"
            return try Row.fetchOne(database.cachedStatement(sql: query), arguments: [matched]) != nil
        }
        guard !rows.isEmpty || isListed else { return }
        try await pool.write { database in
            if isListed {
                try database.execute(sql: "DELETE FROM unmatched_device WHERE \(list)", arguments: [matched])
            }
            for row in rows { try Self.remember(row, database) }
            guard !rows.isEmpty else { return }
            try database.execute(
                sql: """
                    DELETE FROM unmatched_device WHERE row_id IN (
                        SELECT row_id FROM unmatched_device ORDER BY last_at DESC LIMIT 100000 OFFSET ?
                    )
                    """,
                arguments: [unmatchedLimit]
            )
        }
    }

    private static func remember(_ row: UnmatchedDevice, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO unmatched_device
                    (row_id, warp_id, serial, hostname, email, ipv4, reason, first_at, last_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (row_id) DO UPDATE SET warp_id = excluded.warp_id, serial = excluded.serial,
                    hostname = excluded.hostname, email = excluded.email, ipv4 = excluded.ipv4,
                    reason = excluded.reason, last_at = excluded.last_at
                """,
            arguments: [
                row.warpID.lowercased(), row.warpID, row.serial, row.hostname, row.email, row.ipv4, row.reason,
                row.firstAt.microseconds, row.lastAt.microseconds,
            ]
        )
    }

    /// The newest, by the index of times.
    package func unmatched(limit: Int) async throws -> [UnmatchedDevice] {
        try await pool.read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT * FROM unmatched_device ORDER BY last_at DESC, row_id LIMIT ?",
                arguments: [limit]
            ).map { row in
                UnmatchedDevice(
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
}
