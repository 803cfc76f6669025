internal import GRDB
package import PostureModel
package import ScorerModel

/// Reads the decisions of operators.
extension SQLiteStore {
    /// By the index of blocks by device.
    package func blocks(of device: DeviceID) async throws -> [Block] {
        try await all(
            "SELECT * FROM block WHERE device = ? ORDER BY created_at, kind, value",
            [device.rawValue],
            DecisionRows.block
        )
    }

    /// One walk through the index of blocks by device.
    package func blockCount() async throws -> Int {
        try await pool.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM block") ?? 0 }
    }

    /// One page, by primary key.
    package func inventory(after: String?, limit: Int) async throws -> [InventoryItem] {
        try await all(
            "SELECT * FROM inventory WHERE serial > ? ORDER BY serial LIMIT ?",
            [after ?? "", limit],
            DecisionRows.inventoryItem
        )
    }

    /// One look-up by primary key.
    package func inventoryVersion() async throws -> Int64 {
        try await pool.read { try SnapshotReader.inventoryVersion($0) }
    }

    /// One walk through a short table.
    package func tokens(limit: Int) async throws -> [EnrolmentToken] {
        try await all(
            "SELECT * FROM enrolment_token ORDER BY created_at DESC, hash LIMIT ?",
            [limit],
            DecisionRows.token
        )
    }

    /// A range of the primary key.
    package func tokens(hashPrefix: String, limit: Int) async throws -> [EnrolmentToken] {
        // A base64url character is less than '~'; LIKE would take '_' for any character.
        try await all(
            "SELECT * FROM enrolment_token WHERE hash >= ? AND hash < ? ORDER BY hash LIMIT ?",
            [hashPrefix, hashPrefix + "~", limit],
            DecisionRows.token
        )
    }

    /// All of them, in one read.
    package func cas() async throws -> [StoredCA] {
        try await all("SELECT * FROM trusted_ca ORDER BY added_at, id", [], DecisionRows.ca)
    }

    /// One query, by primary key.
    package func cas(_ ids: Set<String>) async throws -> [StoredCA] {
        try await all(
            "SELECT c.* FROM json_each(?) AS a CROSS JOIN trusted_ca AS c ON c.id = a.value",
            [try json(ids.sorted())],
            DecisionRows.ca
        )
    }

    /// One page, by the index of times.
    package func audit(limit: Int, before: String?) async throws -> [AuditEntry] {
        try await all(
            """
            SELECT * FROM audit WHERE :before IS NULL OR (at, id) < (SELECT b.at, b.id FROM audit AS b WHERE b.id = :before)
            ORDER BY at DESC, id DESC LIMIT :limit
            """,
            ["before": before, "limit": limit],
            DecisionRows.auditEntry
        )
    }

    private func all<Value: Sendable>(
        _ sql: String,
        _ arguments: StatementArguments,
        _ value: @escaping @Sendable (Row) -> Value?
    ) async throws -> [Value] {
        try await pool.read { database in
            try Row.fetchAll(database, sql: sql, arguments: arguments).compactMap(value)
        }
    }
}
