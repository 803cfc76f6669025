internal import GRDB
package import PostureModel
package import ScorerModel

/// Devices that score 0, whatever they say.
extension SQLiteStore {
    /// All of them, in one read: there are ``Block/limit`` at most.
    package func blocks() async throws -> [Block] {
        try await pool.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM block ORDER BY created_at, device, kind, value")
                .compactMap(storedBlock)
        }
    }

    /// Counts and adds in one transaction.
    package func block(_ blocks: [Block], audit: AuditEntry) async throws {
        try await pool.write { database in
            for block in blocks {
                try database.execute(
                    sql: """
                        INSERT INTO block (kind, value, device, reason, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?)
                        ON CONFLICT (kind, value, device) DO UPDATE
                        SET reason = excluded.reason, created_by = excluded.created_by, created_at = excluded.created_at
                        """,
                    arguments: [
                        block.kind.rawValue, block.value, block.device.rawValue, block.reason, block.createdBy,
                        block.createdAt.microseconds,
                    ]
                )
            }
            // One that nobody reads would be none.
            guard try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM block") ?? 0 <= Block.limit else {
                throw StoreFullError("there are \(Block.limit) blocks, as many as there may be: unblock devices first")
            }
            try audit.insert(database)
        }
    }

    /// Removes them in one statement.
    package func unblock(_ device: DeviceID, audit: AuditEntry) async throws -> Int {
        try await pool.write { database in
            try database.execute(sql: "DELETE FROM block WHERE device = ?", arguments: [device.rawValue])
            let count = database.changesCount
            if count > 0 { try audit.insert(database) }
            return count
        }
    }
}

private func storedBlock(_ row: Row) -> Block? {
    guard let kind = Block.Kind(rawValue: row["kind"]), let device = DeviceID(rawValue: row["device"]) else {
        return nil
    }
    return Block(
        kind: kind,
        value: row["value"],
        device: device,
        reason: row["reason"],
        createdBy: row["created_by"],
        createdAt: Timestamp(microseconds: row["created_at"])
    )
}
