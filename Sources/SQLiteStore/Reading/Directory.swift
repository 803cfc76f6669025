internal import GRDB
package import PostureModel
package import ScorerModel

/// Devices as operators list and search them: columns and indexes, no report is read.
extension SQLiteStore {
    /// One page, by primary key; a device that has retired is silent for good, and no news.
    package func devices(after: DeviceID?, limit: Int, silentSince: Timestamp?) async throws -> [DeviceSummary] {
        try await summaries(
            """
            \(selection) WHERE d.id > :after
            AND (:since IS NULL OR d.retired_at IS NULL AND COALESCE(d.received_at, d.registered_at) <= :since)
            ORDER BY d.id LIMIT :limit
            """,
            ["after": after?.rawValue ?? "", "since": silentSince?.microseconds, "limit": limit]
        )
    }

    /// By primary key.
    package func devices(_ ids: Set<DeviceID>) async throws -> [DeviceSummary] {
        try await summaries(
            "\(selection) WHERE d.id IN (SELECT value FROM json_each(?)) ORDER BY d.id",
            [try json(ids.map(\.rawValue))]
        )
    }

    /// Two ranges: of the devices' primary key, and of the index of blocks by device.
    package func devices(idPrefix: String, limit: Int) async throws -> [DeviceSummary] {
        try await pool.read { database in
            // A base64url character is less than '~'; LIKE would take '_' for any character.
            let range: StatementArguments = ["prefix": idPrefix, "end": idPrefix + "~", "limit": limit]
            let known = try Row.fetchAll(
                database,
                sql: "\(selection) WHERE d.id >= :prefix AND d.id < :end ORDER BY d.id LIMIT :limit",
                arguments: range
            ).compactMap(summary)
            let blocked = try String.fetchAll(
                database,
                sql: """
                    SELECT DISTINCT b.device FROM block AS b WHERE b.device >= :prefix AND b.device < :end
                    AND NOT EXISTS (SELECT 1 FROM device WHERE id = b.device) ORDER BY b.device LIMIT :limit
                    """,
                arguments: range
            )
            return known + deleted(blocked)
        }
    }

    /// By the primary key of the names, and by that of the blocks.
    package func devices(named key: String, _ kind: DeviceName.Kind, limit: Int) async throws -> [FoundDevice] {
        try await pool.read { database in
            var names: [String: [String]] = [:]
            for row in try Row.fetchAll(
                database,
                sql: """
                    SELECT device, spoken FROM device_name WHERE key = :key AND kind = :kind AND device IN (
                        SELECT DISTINCT device FROM device_name WHERE key = :key AND kind = :kind ORDER BY device LIMIT :limit
                    )
                    """,
                arguments: ["key": key, "kind": kind.rawValue, "limit": limit]
            ) { names[row["device"], default: []].append(row["spoken"]) }
            var blocked: [String] = []
            if kind == .serial {
                blocked = try String.fetchAll(
                    database,
                    sql: "SELECT device FROM block WHERE kind = 'serial' AND value = ? ORDER BY device LIMIT ?",
                    arguments: [key, limit]
                ).filter { names[$0] == nil }
            }
            // A device that was blocked for the serial number may be known, and have another one by now.
            let known = try Row.fetchAll(
                database,
                sql: "\(selection) WHERE d.id IN (SELECT value FROM json_each(?)) ORDER BY d.id",
                arguments: [try json(names.keys + blocked)]
            ).compactMap(summary)
            let gone = deleted(Set(blocked).subtracting(known.map(\.device.rawValue)).sorted())
            return (known + gone).map { FoundDevice(summary: $0, names: names[$0.device.rawValue] ?? [key]) }
        }
    }

    private func summaries(_ sql: String, _ arguments: StatementArguments) async throws -> [DeviceSummary] {
        try await pool.read { try Row.fetchAll($0, sql: sql, arguments: arguments).compactMap(summary) }
    }
}

/// The columns that ``summary(_:)`` takes.
private let selection = """
    SELECT d.id, d.registered_at, d.retired_at, d.received_at, d.hostname, d.serial_shown, d.operating_system, d.agent,
        d.warp,
        EXISTS (SELECT 1 FROM block AS b WHERE b.kind = 'device' AND b.value = d.id) AS is_blocked
    FROM device AS d
    """

private func summary(_ row: Row) -> DeviceSummary? {
    guard let id = DeviceID(rawValue: row["id"]) else { return nil }
    return DeviceSummary(
        device: id,
        registeredAt: Timestamp(microseconds: row["registered_at"]),
        retiredAt: (row["retired_at"] as Int64?).map(Timestamp.init(microseconds:)),
        receivedAt: (row["received_at"] as Int64?).map(Timestamp.init(microseconds:)),
        listing: DeviceRows.listing(row),
        isBlocked: row["is_blocked"]
    )
}

/// Devices that are blocked and no longer known.
private func deleted(_ ids: [String]) -> [DeviceSummary] {
    ids.compactMap(DeviceID.init(rawValue:)).map { DeviceSummary(device: $0, registeredAt: nil, isBlocked: true) }
}
