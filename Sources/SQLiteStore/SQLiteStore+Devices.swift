internal import DeviceIdentity
internal import GRDB
package import PostureModel
package import ScorerModel

/// Devices as operators see them.
extension SQLiteStore {
    /// One page, by primary key.
    package func devices(after: DeviceID?, limit: Int, silentSince: Timestamp?) async throws -> [DeviceSummary] {
        try await pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    \(selection) WHERE d.id > :after
                    AND (:since IS NULL OR COALESCE(d.received_at, d.registered_at) <= :since)
                    ORDER BY d.id LIMIT :limit
                    """,
                arguments: [
                    "after": after?.rawValue ?? "", "since": silentSince?.microseconds, "limit": limit,
                ]
            ).compactMap { Found($0)?.summary }
        }
    }

    /// One look-up by primary key.
    package func device(_ id: DeviceID) async throws -> DeviceSummary? {
        try await pool.read { database in
            try Row.fetchOne(database, sql: "\(selection) WHERE d.id = ?", arguments: [id.rawValue])
                .flatMap { Found($0)?.summary }
        }
    }

    /// An id is looked up; for anything else every newest report is read.
    package func devices(named text: String, limit: Int) async throws -> [DeviceSummary] {
        if let id = DeviceID(rawValue: text) {
            if let known = try await device(id) { return [known] }
            let isBlocked = try await blocks().contains { $0.device == id }
            return isBlocked ? [DeviceSummary(device: id, registeredAt: nil, isBlocked: true)] : []
        }
        let name = Name(text)
        guard !name.text.isEmpty else { return [] }
        let known = try await pool.read { database in
            var found: [DeviceSummary] = []
            let rows = try Row.fetchCursor(database, sql: "\(selection) ORDER BY d.id")
            while found.count < limit, let row = try rows.next() {
                if let device = Found(row), name.means(device) { found.append(device.summary) }
            }
            return found
        }
        let ids = Set(known.map(\.device))
        let gone = try await blocks().filter { name.means($0) && !ids.contains($0.device) }.map(\.device)
        var found = known
        for id in Set(gone).sorted(by: { $0.rawValue < $1.rawValue }) where found.count < limit {
            // It may be known, and have another serial number now.
            found.append(try await device(id) ?? DeviceSummary(device: id, registeredAt: nil, isBlocked: true))
        }
        return found
    }

    /// Deletes it; what else is about it goes with it (`ON DELETE CASCADE`).
    package func forget(_ device: DeviceID, audit: AuditEntry) async throws -> Bool {
        try await pool.write { database in
            try database.execute(sql: "DELETE FROM device WHERE id = ?", arguments: [device.rawValue])
            guard database.changesCount > 0 else { return false }
            try audit.insert(database)
            return true
        }
    }
}

/// What a person called a device.
private struct Name {
    /// The fewest characters that the beginning of an id has: no serial number or host name is taken for one by chance.
    private static let prefixLength = 8
    let text: String
    let folded: String
    let hostname: SpokenHostname

    init(_ text: String) {
        self.text = text.trimmed()
        folded = self.text.lowercased()
        hostname = SpokenHostname(self.text)
    }

    func means(_ device: Found) -> Bool {
        begins(device.summary.device) || device.serials.contains { $0.lowercased() == folded }
            || device.hostnames.contains { hostname.means(SpokenHostname($0)) }
    }

    func means(_ block: Block) -> Bool {
        begins(block.device) || block.kind == .serial && block.value == folded
    }

    private func begins(_ id: DeviceID) -> Bool {
        text.utf8.count >= Self.prefixLength && id.rawValue.hasPrefix(text)
    }
}

/// A device, and all that its newest report calls it.
private struct Found {
    let summary: DeviceSummary
    let serials: [String]
    let hostnames: [String]

    /// Nil for a row whose id is none.
    init?(_ row: Row) {
        guard let id = DeviceID(rawValue: row["id"]) else { return nil }
        let (product, board, chassis): (String?, String?, String?) = (row["product"], row["board"], row["chassis"])
        serials = [product, board, chassis].compactMap { $0 }.filter { SerialNumber($0).junkReason == nil }
        let (kernel, configured): (String?, String?) = (row["kernel_hostname"], row["static_hostname"])
        hostnames = [kernel, configured].compactMap { $0 }.filter { !$0.isEmpty }
        summary = DeviceSummary(
            device: id,
            registeredAt: Timestamp(microseconds: row["registered_at"]),
            receivedAt: (row["received_at"] as Int64?).map(Timestamp.init(microseconds:)),
            hostname: hostnames.first,
            serial: serials.first,
            agent: row["agent"],
            isBlocked: row["is_blocked"]
        )
    }
}

/// The columns that ``Found`` takes.
private let selection = """
    SELECT d.id, d.registered_at, d.received_at,
        json_extract(d.report, '$.agent') AS agent,
        json_extract(d.report, '$.facts.serials.product_serial.observed.value') AS product,
        json_extract(d.report, '$.facts.serials.board_serial.observed.value') AS board,
        json_extract(d.report, '$.facts.serials.chassis_serial.observed.value') AS chassis,
        json_extract(d.report, '$.facts.kernel_hostname.observed') AS kernel_hostname,
        json_extract(d.report, '$.facts.static_hostname.observed') AS static_hostname,
        EXISTS (SELECT 1 FROM block AS b WHERE b.kind = 'device' AND b.value = d.id) AS is_blocked
    FROM device AS d
    """
