internal import GRDB
internal import PostureModel
internal import ScorerModel

/// Reads a snapshot within one read transaction: flat queries by key, each for many at once.
///
/// `CROSS JOIN` keeps SQLite to this order of tables, whatever it knows or guesses of their sizes.
struct SnapshotReader {
    private let database: Database
    private var snapshot = Snapshot()

    init(_ database: Database) { self.database = database }

    /// Reads what was asked for.
    static func read(_ request: Snapshot.Request, _ database: Database) throws -> Snapshot {
        var reader = SnapshotReader(database)
        try reader.readTokens(request)
        try reader.readClaims(to: request.identifiers)
        let claimants = reader.snapshot.claims.values.flatMap { $0.claims.prefix(request.claimants).map(\.device) }
        let replaced = reader.snapshot.tokens.values.compactMap(\.replaces)
        try reader.readDevices(request.devices.union(claimants).union(replaced).map(\.rawValue).sorted())
        try reader.readBlocks(request.blockKeys)
        try reader.readInventory()
        return reader.snapshot
    }

    /// Reads a page of records: of devices that have reported and not retired.
    static func page(after: DeviceID?, limit: Int, _ database: Database) throws -> [DeviceRecord] {
        let ids = try String.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT id FROM device WHERE id > ? AND received_at IS NOT NULL AND retired_at IS NULL ORDER BY id LIMIT ?
                    """
            ),
            arguments: [after?.rawValue ?? "", limit]
        )
        var reader = SnapshotReader(database)
        try reader.readDevices(ids)
        try reader.readBlocks([])
        try reader.readInventory()
        return ids.compactMap { DeviceID(rawValue: $0).flatMap { reader.snapshot.records[$0] } }
    }

    private func rows(_ sql: String, _ arguments: StatementArguments) throws -> [Row] {
        try Row.fetchAll(database.cachedStatement(sql: sql), arguments: arguments)
    }

    /// Reads the sets of identifiers, each set once, with the times of the claiming devices' newest reports.
    private mutating func readClaims(to identifiers: Set<Identifier>) throws {
        for (kind, identifiers) in Dictionary(grouping: identifiers, by: \.kind) {
            var claims: [Identifier: [Claim]] = [:]
            var lastReports: [Identifier: [DeviceID: Timestamp]] = [:]
            for row in try rows(
                """
                SELECT c.*, CASE WHEN d.retired_at IS NULL THEN d.received_at END AS received_at FROM json_each(?) AS a CROSS JOIN claim AS c ON c.kind = ? AND c.value = a.value
                    LEFT JOIN device AS d ON d.id = c.device
                """,
                [try json(identifiers.map(\.value)), kind.rawValue]
            ) {
                guard let claim = DecisionRows.claim(row) else { continue }
                claims[claim.identifier, default: []].append(claim)
                let receivedAt = (row["received_at"] as Int64?).map(Timestamp.init(microseconds:))
                lastReports[claim.identifier, default: [:]][claim.device] = receivedAt
            }
            for identifier in identifiers {
                snapshot.claims[identifier] = ClaimSet(
                    stored: claims[identifier] ?? [],
                    to: identifier,
                    lastReports: lastReports[identifier] ?? [:]
                )
            }
        }
    }

    private mutating func readDevices(_ ids: [String]) throws {
        guard !ids.isEmpty else { return }
        let asked = try json(ids)
        for row in try rows(
            """
            SELECT d.*, r.payload, \(IdentityRows.useColumns) FROM json_each(?) AS a
                CROSS JOIN device AS d ON d.id = a.value LEFT JOIN report AS r ON r.device = d.id
                LEFT JOIN row_in_use AS u ON u.device = d.id
            """,
            [asked]
        ) {
            guard let record = DeviceRows.record(row) else { continue }
            snapshot.records[record.device] = record
        }
        try readOwnClaims(asked)
        for row in try rows(own("waiver", "w.rule"), [asked]).compactMap(DecisionRows.waiver) {
            snapshot.records[row.device]?.waivers.append(row)
        }
        for row in try rows(own("device_tag", "w.name"), [asked]) {
            guard let device = DeviceID(rawValue: row["device"]), let tag = IdentityRows.tag(row) else { continue }
            snapshot.records[device]?.tags.insert(tag)
        }
        for notice in try rows(own("identity_notice", "w.since, w.kind, w.other"), [asked])
            .compactMap(IdentityRows.notice)
        { snapshot.records[notice.device]?.notices.append(notice) }
    }

    /// The query of the rows of a table that are of the devices asked for, in an order.
    private func own(_ table: String, _ order: String) -> String {
        "SELECT w.* FROM json_each(?) AS a CROSS JOIN \(table) AS w ON w.device = a.value ORDER BY w.device, \(order)"
    }

    /// Takes the claims of the devices from the sets of what they claim; the index by device alone says what that is.
    private mutating func readOwnClaims(_ asked: String) throws {
        var identifiers: [DeviceID: Set<Identifier>] = [:]
        for row in try rows(
            "SELECT c.device, c.kind, c.value FROM json_each(?) AS a CROSS JOIN claim AS c ON c.device = a.value",
            [asked]
        ) {
            guard let device = DeviceID(rawValue: row["device"]), let kind = Identifier.Kind(rawValue: row["kind"])
            else { continue }
            identifiers[device, default: []].insert(Identifier(stored: kind, row["value"]))
        }
        let claimed = identifiers.values.reduce(into: Set<Identifier>()) { $0.formUnion($1) }
        try readClaims(to: claimed.subtracting(snapshot.claims.keys))
        for (device, identifiers) in identifiers where snapshot.records[device] != nil {
            let held = identifiers.sorted().compactMap { snapshot.claims(to: $0).heldClaim(of: device) }
            snapshot.records[device]?.claims = held
        }
    }

    private mutating func readBlocks(_ further: Set<Block.Key>) throws {
        let keys = snapshot.records.values.reduce(into: further) { $0.formUnion($1.blockKeys) }
        var blocks: [Block] = []
        for (kind, keys) in Dictionary(grouping: keys, by: \.kind) {
            blocks += try rows(
                "SELECT b.* FROM json_each(?) AS a CROSS JOIN block AS b ON b.kind = ? AND b.value = a.value",
                [try json(keys.map(\.value)), kind.rawValue]
            ).compactMap(DecisionRows.block)
        }
        guard !blocks.isEmpty else { return }
        snapshot.blocks = blocks.filter { further.contains(Block.Key($0.kind, $0.value)) }
        for device in snapshot.records.keys { snapshot.records[device]?.takeBlocks(of: blocks) }
    }

    private mutating func readInventory() throws {
        let claimed = snapshot.claims.keys.filter { $0.kind == .serial }.map(\.value)
        let serials = Set(claimed).union(snapshot.records.values.compactMap(\.serial))
        guard !serials.isEmpty else { return }
        for row in try rows(
            "SELECT i.* FROM json_each(?) AS a CROSS JOIN inventory AS i ON i.serial = a.value",
            [try json(serials.sorted())]
        ) {
            let item = DecisionRows.inventoryItem(row)
            snapshot.inventory[item.serial] = item
        }
        for (device, record) in snapshot.records {
            snapshot.records[device]?.inventory = record.serial.flatMap { snapshot.inventory[$0] }
        }
    }

    private mutating func readTokens(_ request: Snapshot.Request) throws {
        for hash in request.tokens {
            let row = try rows("SELECT * FROM enrolment_token WHERE hash = ?", [hash]).first
            snapshot.tokens[hash] = row.map(DecisionRows.token)
        }
        for fingerprint in request.certificates {
            snapshot.registrations[fingerprint] = try Self.registrations(by: fingerprint, database)
        }
    }

    static func expectedCertificate(of serial: String, _ database: Database) throws -> String? {
        try String.fetchOne(
            database.cachedStatement(sql: "SELECT certificate_name FROM inventory WHERE serial = ?"),
            arguments: [serial]
        )
    }

    /// How often the inventory has changed.
    static func inventoryVersion(_ database: Database) throws -> Int64 {
        try SQLiteStore.settingText(ChangeWriter.inventoryVersion, database).flatMap { Int64($0) } ?? 0
    }

    static func registrations(by fingerprint: String, _ database: Database) throws -> Int {
        try Int.fetchOne(
            database.cachedStatement(
                sql: "SELECT COUNT(*) FROM device WHERE registration = ? AND registered_by = 'certificate'"
            ),
            arguments: [fingerprint]
        ) ?? 0
    }
}
