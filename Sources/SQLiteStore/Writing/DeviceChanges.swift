internal import GRDB
internal import PostureModel
internal import ScorerModel

internal import struct Foundation.Data

/// Writes devices.
extension ChangeWriter {
    /// Writes a device's own part but for its report.
    func write(_ record: DeviceRecord) throws -> CommitOutcome {
        let (own, report) = try DeviceRows.values(of: record)
        guard record.version == 0 else { return try update(record, own) }
        let columns = try DeviceRows.registration(of: record) + own + report + [("version", 1)]
        let places = columns.map { _ in "?" }.joined(separator: ", ")
        return try run(
            "INSERT INTO device (\(names(columns))) VALUES (\(places)) ON CONFLICT (id) DO NOTHING",
            StatementArguments(columns.map(\.value))
        )
    }

    /// Writes a device's own part with its report.
    func write(_ record: DeviceRecord, _ names: [DeviceName]) throws -> CommitOutcome {
        guard let newest = record.newest else { return .conflict }
        let (own, report) = try DeviceRows.values(of: record)
        let isNewer = "AND (nonce_issued_at IS NULL OR nonce_issued_at < ? OR nonce_issued_at > ?)"
        guard try update(record, own + report, isNewer, bounds(of: newest)) == .committed else {
            return try isStale(record, newest) ? .stale : .conflict
        }
        let id = record.device.rawValue
        try run(
            "INSERT INTO report (device, payload) VALUES (?, ?) ON CONFLICT (device) DO UPDATE SET payload = excluded.payload",
            [id, Data(newest.payload)]
        )
        try write(names, of: id)
        return .committed
    }

    private func update(
        _ record: DeviceRecord,
        _ columns: [DeviceRows.Column],
        _ condition: String = "",
        _ arguments: StatementArguments = []
    ) throws -> CommitOutcome {
        let assignments = columns.map { "\($0.name) = ?" }.joined(separator: ", ")
        return try run(
            "UPDATE device SET version = version + 1, \(assignments) WHERE id = ? AND version = ? \(condition)",
            StatementArguments(columns.map(\.value)) + [record.device.rawValue, record.version] + arguments
        )
    }

    private func names(_ columns: [DeviceRows.Column]) -> String { columns.map(\.name).joined(separator: ", ") }

    /// Whether a report as new is stored by now.
    private func isStale(_ record: DeviceRecord, _ newest: StoredReport) throws -> Bool {
        try exists(
            "SELECT 1 FROM device WHERE id = ? AND nonce_issued_at >= ? AND nonce_issued_at <= ?",
            [record.device.rawValue] + bounds(of: newest)
        )
    }

    /// Between these moments the nonce of a stored report makes another report stale.
    private func bounds(of newest: StoredReport) -> StatementArguments {
        [newest.nonceIssuedAt.microseconds, newest.receivedAt.adding(seconds: 3600).microseconds]
    }

    private func write(_ names: [DeviceName], of id: String) throws {
        let stored = try Row.fetchAll(
            database.cachedStatement(sql: "SELECT key, kind, spoken FROM device_name WHERE device = ?"),
            arguments: [id]
        ).map { [$0["key"], $0["kind"], $0["spoken"]] as [String] }
        let wanted = names.map { [$0.key, $0.kind.rawValue, $0.spoken] }
        guard Set(stored) != Set(wanted) else { return }
        try run("DELETE FROM device_name WHERE device = ?", [id])
        for name in names {
            try run(
                "INSERT INTO device_name (key, kind, device, spoken) VALUES (?, ?, ?, ?)",
                [name.key, name.kind.rawValue, id, name.spoken]
            )
        }
    }

    func delete(_ device: DeviceID, _ version: Int64) throws -> CommitOutcome {
        let id = device.rawValue
        guard try run("DELETE FROM device WHERE id = ? AND version = ?", [id, version]) == .committed else {
            return .conflict
        }
        for table in ["report", "device_name", "waiver", "device_tag", "identity_notice", "row_in_use"] {
            try run("DELETE FROM \(table) WHERE device = ?", [id])
        }
        return .committed
    }
}
