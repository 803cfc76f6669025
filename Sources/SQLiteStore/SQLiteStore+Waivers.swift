internal import GRDB
package import PostureModel
package import ScorerModel

/// Rules that count as met for a device, for a while.
extension SQLiteStore {
    /// One query, however many devices are asked for.
    package func waivers(of devices: Set<DeviceID>, at now: Timestamp) async throws -> [DeviceID: [StoredWaiver]] {
        let asked = try json(devices.map(\.rawValue))
        let waivers = try await pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT w.* FROM json_each(:asked) AS asked JOIN waiver AS w ON w.device = asked.value
                    WHERE w.created_at <= :now AND w.expires_at > :now ORDER BY w.rule
                    """,
                arguments: ["asked": asked, "now": now.microseconds]
            ).compactMap(waiver)
        }
        return Dictionary(grouping: waivers, by: \.device)
    }

    /// Looks for the device and writes in one transaction.
    package func waive(_ waiver: StoredWaiver, audit: AuditEntry) async throws -> Bool {
        try await pool.write { database in
            let id = waiver.device.rawValue
            guard try Row.fetchOne(database, sql: "SELECT 1 FROM device WHERE id = ?", arguments: [id]) != nil else {
                return false
            }
            try database.execute(
                sql: """
                    INSERT INTO waiver (device, rule, expires_at, reason, created_by, created_at)
                    VALUES (?, ?, ?, ?, ?, ?)
                    ON CONFLICT (device, rule) DO UPDATE SET expires_at = excluded.expires_at,
                        reason = excluded.reason, created_by = excluded.created_by, created_at = excluded.created_at
                    """,
                arguments: [
                    id, waiver.rule, waiver.expiresAt.microseconds, waiver.reason, waiver.createdBy,
                    waiver.createdAt.microseconds,
                ]
            )
            let count = try Int.fetchOne(
                database,
                sql: "SELECT COUNT(*) FROM waiver WHERE device = ?",
                arguments: [id]
            )
            guard count ?? 0 <= StoredWaiver.limit else {
                throw StoreFullError(
                    "the device has \(StoredWaiver.limit) waivers, expired ones too: revoke those it does not need"
                )
            }
            try audit.insert(database)
            return true
        }
    }

    /// Removes it in one statement.
    package func revokeWaiver(of device: DeviceID, rule: String, audit: AuditEntry) async throws -> Bool {
        try await pool.write { database in
            try database.execute(
                sql: "DELETE FROM waiver WHERE device = ? AND rule = ?",
                arguments: [device.rawValue, rule]
            )
            guard database.changesCount > 0 else { return false }
            try audit.insert(database)
            return true
        }
    }
}

private func waiver(_ row: Row) -> StoredWaiver? {
    guard let device = DeviceID(rawValue: row["device"]) else { return nil }
    return StoredWaiver(
        device: device,
        rule: row["rule"],
        expiresAt: Timestamp(microseconds: row["expires_at"]),
        reason: row["reason"],
        createdBy: row["created_by"],
        createdAt: Timestamp(microseconds: row["created_at"])
    )
}
