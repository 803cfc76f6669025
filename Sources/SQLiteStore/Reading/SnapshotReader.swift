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
        try reader.readClaims(to: request.identifiers)
        let claimants = reader.snapshot.claims.values.flatMap {
            $0.claims.filter { $0.strength > .contradicted }.prefix(request.claimants).map(\.device)
        }
        try reader.readDevices(request.devices.union(claimants).map(\.rawValue).sorted())
        try reader.readBlocks(request.blockKeys)
        try reader.readInventory()
        try reader.readTokens(request)
        return reader.snapshot
    }

    /// Reads a page of records.
    static func page(after: DeviceID?, limit: Int, _ database: Database) throws -> [DeviceRecord] {
        let ids = try String.fetchAll(
            database.cachedStatement(
                sql: "SELECT id FROM device WHERE id > ? AND received_at IS NOT NULL ORDER BY id LIMIT ?"
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

    private mutating func readClaims(to identifiers: Set<Identifier>) throws {
        for (kind, identifiers) in Dictionary(grouping: identifiers, by: \.kind) {
            let claims = try rows(
                """
                SELECT c.* FROM json_each(?) AS a CROSS JOIN claim AS c ON c.kind = ? AND c.value = a.value
                """,
                [try json(identifiers.map(\.value)), kind.rawValue]
            ).compactMap(DecisionRows.claim)
            let byIdentifier = Dictionary(grouping: claims, by: \.identifier)
            for identifier in identifiers {
                snapshot.claims[identifier] = ClaimSet(stored: byIdentifier[identifier] ?? [], to: identifier)
            }
        }
    }

    private mutating func readDevices(_ ids: [String]) throws {
        guard !ids.isEmpty else { return }
        let asked = try json(ids)
        for row in try rows(
            """
            SELECT d.*, r.payload FROM json_each(?) AS a CROSS JOIN device AS d ON d.id = a.value
                LEFT JOIN report AS r ON r.device = d.id
            """,
            [asked]
        ) {
            guard let record = DeviceRows.record(row) else { continue }
            snapshot.records[record.device] = record
        }
        let own = try rows(
            "SELECT c.* FROM json_each(?) AS a CROSS JOIN claim AS c ON c.device = a.value",
            [asked]
        ).compactMap(DecisionRows.claim)
        try readClaims(to: Set(own.map(\.identifier)).subtracting(snapshot.claims.keys))
        for (device, claims) in Dictionary(grouping: own, by: \.device) {
            let held = claims.sorted { $0.identifier < $1.identifier }.map {
                DeviceRecord.HeldClaim($0, holder: snapshot.claims(to: $0.identifier).holder)
            }
            snapshot.records[device]?.claims = held
        }
        for row in try rows(
            "SELECT w.* FROM json_each(?) AS a CROSS JOIN waiver AS w ON w.device = a.value ORDER BY w.device, w.rule",
            [asked]
        ).compactMap(DecisionRows.waiver) { snapshot.records[row.device]?.waivers.append(row) }
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

    static func registrations(by fingerprint: String, _ database: Database) throws -> Int {
        try Int.fetchOne(
            database.cachedStatement(
                sql: "SELECT COUNT(*) FROM device WHERE registration = ? AND registered_by = 'certificate'"
            ),
            arguments: [fingerprint]
        ) ?? 0
    }
}

extension ClaimSet {
    /// The claims as they are stored; the version is a digest of them (FNV-1a), since one writer needs no counter.
    init(stored claims: [Claim], to identifier: Identifier) {
        guard !claims.isEmpty else {
            self.init(identifier)
            return
        }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        let sorted = claims.sorted { $0.comesBefore($1) }
        let text = sorted.map { "\($0.device) \($0.strength.rawValue) \($0.since.microseconds)\n" }.joined()
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        self.init(identifier, version: Int64(bitPattern: hash | 1), claims: claims)
    }
}
