internal import GRDB
internal import PostureModel
package import ScorerModel

/// Who changed what.
extension SQLiteStore {
    /// One page, by the index of times.
    package func audit(limit: Int, before: String?) async throws -> [AuditEntry] {
        try await pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM audit
                    WHERE :before IS NULL OR (at, id) < (SELECT b.at, b.id FROM audit AS b WHERE b.id = :before)
                    ORDER BY at DESC, id DESC LIMIT :limit
                    """,
                arguments: ["before": before, "limit": limit]
            ).map { row in
                AuditEntry(
                    id: row["id"],
                    at: Timestamp(microseconds: row["at"]),
                    actor: row["actor"],
                    action: row["action"],
                    subject: row["subject"],
                    detail: row["detail"]
                )
            }
        }
    }
}

extension AuditEntry {
    /// The entry with the subject as the transaction found it.
    func naming(_ subject: String) -> AuditEntry {
        AuditEntry(id: id, at: at, actor: actor, action: action, subject: subject, detail: detail)
    }

    /// Writes the entry in the transaction of the change, and forgets the oldest beyond `limit`.
    func insert(_ database: Database, keeping limit: Int = AuditEntry.limit) throws {
        try database.execute(
            sql: "INSERT INTO audit (id, at, actor, action, subject, detail) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [id, at.microseconds, actor, action, subject, detail]
        )
        try database.execute(
            sql: "DELETE FROM audit WHERE id IN (SELECT id FROM audit ORDER BY at DESC, id DESC LIMIT 1000 OFFSET ?)",
            arguments: [limit]
        )
    }
}
