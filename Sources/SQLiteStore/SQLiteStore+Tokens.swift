internal import GRDB
internal import PostureModel
package import ScorerModel

/// Enrolment tokens.
extension SQLiteStore {
    /// Stores a token by its hash.
    package func add(_ token: StoredToken, audit: AuditEntry) async throws {
        try await pool.write { database in
            try database.execute(
                sql: "INSERT INTO enrolment_token (hash, created_at, expires_at, uses_left) VALUES (?, ?, ?, ?)",
                arguments: [token.hash, token.createdAt.microseconds, token.expiresAt.microseconds, token.usesLeft]
            )
            try audit.insert(database)
        }
    }

    /// All tokens, newest first.
    package func tokens() async throws -> [StoredToken] {
        try await pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT t.*, a.actor FROM enrolment_token AS t
                    LEFT JOIN audit AS a ON a.action = ? AND a.subject = t.hash
                    ORDER BY t.created_at DESC, t.hash
                    """,
                arguments: [StoredToken.creation]
            ).map(token)
        }
    }

    /// Looks and deletes in one transaction.
    package func revokeToken(_ hashPrefix: String, audit: AuditEntry) async throws -> RevocationOutcome {
        try await pool.write { database in
            // A base64url character is less than '~'; LIKE would take '_' for any character.
            let found = try Row.fetchAll(
                database,
                sql:
                    "SELECT t.*, NULL AS actor FROM enrolment_token AS t WHERE t.hash >= :p AND t.hash < :p || '~' LIMIT 2",
                arguments: ["p": hashPrefix]
            ).map(token)
            guard let first = found.first else { return .unknown }
            guard found.count == 1 else { return .ambiguous }
            try database.execute(sql: "DELETE FROM enrolment_token WHERE hash = ?", arguments: [first.hash])
            try audit.naming(first.hash).insert(database)
            return .revoked(first)
        }
    }
}

private func token(_ row: Row) -> StoredToken {
    StoredToken(
        hash: row["hash"],
        createdAt: Timestamp(microseconds: row["created_at"]),
        expiresAt: Timestamp(microseconds: row["expires_at"]),
        usesLeft: row["uses_left"],
        createdBy: row["actor"]
    )
}
