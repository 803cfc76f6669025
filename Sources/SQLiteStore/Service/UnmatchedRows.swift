internal import GRDB
internal import PostureModel
package import ScorerModel

/// How many rows are remembered.
private let unmatchedLimit = 10_000

/// The rows of posture queries that matched no device.
extension SQLiteStore {
    /// One transaction for all of them.
    package func remember(_ rows: [UnmatchedDevice]) async throws {
        guard !rows.isEmpty else { return }
        try await pool.write { database in
            for row in rows {
                try database.execute(
                    sql: """
                        INSERT INTO unmatched_device (warp_id, serial, hostname, email, ipv4, reason, first_at, last_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                        ON CONFLICT (warp_id) DO UPDATE SET serial = excluded.serial, hostname = excluded.hostname,
                            email = excluded.email, ipv4 = excluded.ipv4, reason = excluded.reason, last_at = excluded.last_at
                        """,
                    arguments: [
                        row.warpID, row.serial, row.hostname, row.email, row.ipv4,
                        row.reason,
                        row.firstAt.microseconds, row.lastAt.microseconds,
                    ]
                )
            }
            try database.execute(
                sql: """
                    DELETE FROM unmatched_device WHERE warp_id IN (
                        SELECT warp_id FROM unmatched_device ORDER BY last_at DESC LIMIT 100000 OFFSET ?
                    )
                    """,
                arguments: [unmatchedLimit]
            )
        }
    }

    /// Those whom a device has claimed since are none any more.
    package func unmatched(limit: Int) async throws -> [UnmatchedDevice] {
        try await pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM unmatched_device AS u WHERE NOT EXISTS (
                        SELECT 1 FROM claim WHERE kind = 'warp' AND value = lower(u.warp_id) AND strength > 0
                    ) ORDER BY last_at DESC LIMIT ?
                    """,
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
