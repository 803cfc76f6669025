internal import GRDB
internal import PostureModel
package import ScorerModel

/// Trusted CAs.
extension SQLiteStore {
    /// Looks and adds in one transaction: of two at once with the same certificates, one is added.
    package func add(_ authority: StoredAuthority, limit: Int, audit: AuditEntry) async throws -> AuthorityOutcome {
        try await pool.write { database in
            let same = try String.fetchOne(
                database,
                sql: "SELECT id FROM authority WHERE digest = ?",
                arguments: [authority.digest]
            )
            if let same { return .duplicate(id: same) }
            guard try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM authority") ?? 0 < limit else { return .full }
            try database.execute(
                sql: "INSERT INTO authority (id, name, certificates, digest, added_at) VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    authority.id, authority.name, authority.certificates, authority.digest,
                    authority.addedAt.microseconds,
                ]
            )
            try audit.insert(database)
            return .added
        }
    }

    /// All of them, in one read.
    package func authorities() async throws -> [StoredAuthority] {
        try await pool.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM authority ORDER BY added_at, id").map(authority)
        }
    }

    /// One query, by primary key, however many are asked for.
    package func authorities(_ ids: Set<String>) async throws -> [StoredAuthority] {
        let asked = try json(ids.sorted())
        return try await pool.read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT a.* FROM json_each(?) AS asked JOIN authority AS a ON a.id = asked.value",
                arguments: [asked]
            ).map(authority)
        }
    }

    /// Reads and removes in one transaction.
    package func removeAuthority(_ id: String, audit: AuditEntry) async throws -> StoredAuthority? {
        try await pool.write { database in
            let row = try Row.fetchOne(database, sql: "SELECT * FROM authority WHERE id = ?", arguments: [id])
            guard let row else { return nil }
            try database.execute(sql: "DELETE FROM authority WHERE id = ?", arguments: [id])
            try audit.insert(database)
            return authority(row)
        }
    }
}

private func authority(_ row: Row) -> StoredAuthority {
    StoredAuthority(
        id: row["id"],
        name: row["name"],
        certificates: row["certificates"],
        digest: row["digest"],
        addedAt: Timestamp(microseconds: row["added_at"])
    )
}
