internal import GRDB
internal import PostureModel
internal import ScorerModel

/// Writes the decisions of operators.
extension ChangeWriter {
    func useToken(_ hash: String, at now: Timestamp) throws -> CommitOutcome {
        try run(
            "UPDATE enrolment_token SET uses_left = uses_left - 1 WHERE hash = ? AND uses_left > 0 AND expires_at > ?",
            [hash, now.microseconds]
        )
    }

    func add(_ token: EnrolmentToken) throws -> CommitOutcome {
        try run(
            """
            INSERT INTO enrolment_token (hash, created_at, created_by, expires_at, uses_left, replaces)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (hash) DO NOTHING
            """,
            [
                token.hash, token.createdAt.microseconds, token.createdBy, token.expiresAt.microseconds, token.usesLeft,
                token.replaces?.rawValue,
            ]
        )
    }

    func add(_ ca: StoredCA, _ limit: Int) throws -> CommitOutcome {
        guard try count("trusted_ca") < limit else { return .conflict }
        return try run(
            """
            INSERT INTO trusted_ca (id, name, certificates, digest, added_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """,
            [ca.id, ca.name, ca.certificates, ca.digest, ca.addedAt.microseconds]
        )
    }

    func add(_ block: Block) throws -> CommitOutcome {
        try run(
            """
            INSERT INTO block (kind, value, device, reason, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (kind, value, device) DO UPDATE
            SET reason = excluded.reason, created_by = excluded.created_by, created_at = excluded.created_at
            """,
            [
                block.kind.rawValue, block.value, block.device.rawValue, block.reason, block.createdBy,
                block.createdAt.microseconds,
            ]
        )
    }

    func add(_ waiver: Waiver) throws -> CommitOutcome {
        let id = waiver.device.rawValue
        guard try exists("SELECT 1 FROM device WHERE id = ?", [id]) else { return .conflict }
        try run(
            """
            INSERT INTO waiver (device, rule, expires_at, reason, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (device, rule) DO UPDATE SET expires_at = excluded.expires_at, reason = excluded.reason,
                created_by = excluded.created_by, created_at = excluded.created_at
            """,
            [
                id, waiver.rule, waiver.expiresAt.microseconds, waiver.reason, waiver.createdBy,
                waiver.createdAt.microseconds,
            ]
        )
        let count =
            try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM waiver WHERE device = ?", arguments: [id]) ?? 0
        return condition(count <= Waiver.limit)
    }

    func setNew(_ name: String, _ text: String) throws -> CommitOutcome {
        try run("INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING", [name, text])
    }

    func set(_ name: String, _ text: String?) throws -> CommitOutcome {
        guard let text else {
            try run("DELETE FROM setting WHERE name = ?", [name])
            return .committed
        }
        return try run(
            "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [name, text]
        )
    }

    /// Adds an entry to the audit, and deletes the oldest beyond `limit`.
    func add(_ entry: AuditEntry) throws { try add(entry, keeping: AuditEntry.limit) }

    func add(_ entry: AuditEntry, keeping limit: Int) throws {
        try run(
            "INSERT INTO audit (id, at, actor, action, subject, detail) VALUES (?, ?, ?, ?, ?, ?)",
            [entry.id, entry.at.microseconds, entry.actor, entry.action, entry.subject, entry.detail]
        )
        try database.execute(
            sql: "DELETE FROM audit WHERE id IN (SELECT id FROM audit ORDER BY at DESC, id DESC LIMIT 1000 OFFSET ?)",
            arguments: [limit]
        )
    }
}
