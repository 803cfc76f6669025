internal import GRDB
package import PostureModel
package import ScorerModel

/// What identifiers are bound to which device: see docs/matching.md.
extension SQLiteStore {
    /// Replaces what the device claims by what its report claims; a kind of which it claims nothing good stays as it was.
    ///
    /// A claim never gets worse while it is made, but for one that the inventory contradicts.
    static func bind(_ verified: VerifiedReport, at now: Timestamp, _ database: Database) throws -> BindingChange {
        let device = verified.report.device.rawValue
        let expected = try String.fetchOne(
            database,
            sql: "SELECT certificate_name FROM inventory WHERE serial = ?",
            arguments: [Claim.serial(of: verified.report)?.value]
        )
        let claims = Claim.claims(of: verified, expecting: expected)
        var held = try held(by: device, database)
        var change = BindingChange()
        for kind in Identifier.Kind.allCases {
            let claims = claims.filter { $0.identifier.kind == kind }
            guard !claims.isEmpty else { continue }
            let kept = Set(claims.map(\.identifier.value))
            for value in held.keys where value.kind == kind.rawValue && !kept.contains(value.text) {
                try drop(value, of: device, database)
            }
            for claim in claims { try bind(claim, of: device, over: &held, at: now, &change, database) }
        }
        return change
    }

    /// An identifier as the table has it: a value that is none any more can be dropped all the same.
    private struct Value: Hashable {
        var kind: String
        var text: String
    }

    /// What the device claims, with the ranks.
    ///
    /// By the device alone: of the table's indexes one begins with it, so that this plan does not hang on statistics. Where
    /// there are none, SQLite took a `DELETE … WHERE device = ? AND kind = ? AND value NOT IN …` by its kind, through the
    /// claims of the whole fleet.
    private static func held(by device: String, _ database: Database) throws -> [Value: Rank] {
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT kind, value, rank FROM claim WHERE device = ?",
            arguments: [device]
        )
        return Dictionary(
            rows.map { (Value(kind: $0["kind"], text: $0["value"]), Rank(rawValue: $0["rank"]) ?? .refused) }
        ) { $1 }
    }

    private static func drop(_ value: Value, of device: String, _ database: Database) throws {
        try database.execute(
            sql: "DELETE FROM claim WHERE kind = ? AND value = ? AND device = ?",
            arguments: [value.kind, value.text, device]
        )
    }

    private static func bind(
        _ claim: Claim,
        of device: String,
        over held: inout [Value: Rank],
        at now: Timestamp,
        _ change: inout BindingChange,
        _ database: Database
    ) throws {
        let (kind, value) = (claim.identifier.kind.rawValue, claim.identifier.value)
        let key: StatementArguments = [kind, value, device]
        let before = held[Value(kind: kind, text: value)]
        let isContradicted = claim.rank == .refused && (before ?? .refused) < .inventory
        let rank = isContradicted ? .refused : max(claim.rank, before ?? .refused)
        guard rank != before else { return }
        let owner = try owner(kind, value, database)
        if before == nil, try isCrowded(kind, value, by: rank, database) {
            change.refused.append(claim.identifier)
            return
        }
        try database.execute(
            sql: """
                INSERT INTO claim (kind, value, device, rank, since) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (kind, value, device) DO UPDATE SET rank = excluded.rank, since = excluded.since
                """,
            arguments: key + [rank.rawValue, now.microseconds]
        )
        held[Value(kind: kind, text: value)] = rank
        if rank == .refused {
            change.refused.append(claim.identifier)
            return
        }
        guard let owner, owner != device else { return }
        if try self.owner(kind, value, database) == device {
            change.taken.append(claim.identifier)
        } else if before == nil {
            change.refused.append(claim.identifier)
        }
    }

    private static func owner(_ kind: String, _ value: String, _ database: Database) throws -> String? {
        try String.fetchOne(
            database,
            sql: "SELECT device FROM claim WHERE kind = ? AND value = ? AND rank > 0 \(bestFirst) LIMIT 1",
            arguments: [kind, value]
        )
    }

    /// Makes room for one more claimant: the weakest of too many goes, unless that is the new one.
    private static func isCrowded(_ kind: String, _ value: String, by rank: Rank, _ database: Database) throws -> Bool {
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT device, rank FROM claim WHERE kind = ? AND value = ? \(bestFirst)",
            arguments: [kind, value]
        )
        guard rows.count >= Claim.limit, let last = rows.last else { return false }
        guard rank.rawValue > last["rank"] else { return true }
        try drop(Value(kind: kind, text: value), of: last["device"], database)
        return false
    }

    /// One transaction: every other claimant goes behind.
    ///
    /// What the newest report claims is taken, be there room for it or not.
    package func resolve(_ device: DeviceID, force: Bool, audit: AuditEntry) async throws -> ResolveOutcome {
        let newest = try await newestReport(of: device)
        return try await pool.write { database in
            let known = try Row.fetchOne(
                database,
                sql: "SELECT 1 FROM device WHERE id = ?",
                arguments: [device.rawValue]
            )
            guard known != nil else { return .unknown }
            var identifiers = Set(newest.map { Claim.claims(of: $0.report, expecting: nil).map(\.identifier) } ?? [])
            let kept = try Row.fetchAll(
                database,
                sql: "SELECT kind, value FROM claim WHERE device = ?",
                arguments: [device.rawValue]
            )
            identifiers.formUnion(kept.compactMap(identifier))
            let sorted = identifiers.sorted { ($0.kind.rawValue, $0.value) < ($1.kind.rawValue, $1.value) }
            let owners = try sorted.flatMap { identifier in
                try Row.fetchAll(
                    database,
                    sql:
                        "SELECT device, rank, since FROM claim WHERE kind = ? AND value = ? AND device <> ? AND rank >= ?",
                    arguments: [
                        identifier.kind.rawValue, identifier.value, device.rawValue, Rank.certificate.rawValue,
                    ]
                ).compactMap(claimant)
            }
            guard force || owners.isEmpty else { return .belongsTo(Set(owners.map(\.device))) }
            for identifier in sorted { try Self.award(identifier, to: device, at: audit.at, database) }
            try audit.insert(database)
            return .resolved(sorted)
        }
    }

    private static func award(
        _ identifier: Identifier,
        to device: DeviceID,
        at now: Timestamp,
        _ database: Database
    ) throws {
        let (kind, value) = (identifier.kind.rawValue, identifier.value)
        try database.execute(
            sql: "UPDATE claim SET rank = ? WHERE kind = ? AND value = ? AND rank = ?",
            arguments: [Rank.inventory.rawValue, kind, value, Rank.resolved.rawValue]
        )
        try database.execute(
            sql: """
                INSERT INTO claim (kind, value, device, rank, since) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (kind, value, device) DO UPDATE SET rank = excluded.rank
                """,
            arguments: [kind, value, device.rawValue, Rank.resolved.rawValue, now.microseconds]
        )
    }

    /// One write.
    package func unflag(_ device: DeviceID, audit: AuditEntry) async throws -> Bool {
        try await pool.write { database in
            try database.execute(
                sql: "UPDATE device SET cloned_at = NULL, boots = NULL WHERE id = ? AND cloned_at IS NOT NULL",
                arguments: [device.rawValue]
            )
            guard database.changesCount == 1 else { return false }
            try audit.insert(database)
            return true
        }
    }

    /// By the index of the device's claims, and for each by that of its claimants.
    package func claims(of device: DeviceID) async throws -> [HeldClaim] {
        try await pool.read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT kind, value, rank FROM claim WHERE device = ? ORDER BY kind, value",
                arguments: [device.rawValue]
            ).compactMap { row in
                guard let identifier = identifier(row), let rank = Rank(rawValue: row["rank"]) else { return nil }
                let owner = try Self.owner(row["kind"], row["value"], database)
                return HeldClaim(identifier: identifier, rank: rank, isBound: owner == device.rawValue)
            }
        }
    }

    /// One walk through the claims' index.
    package func contested(limit: Int) async throws -> [Contest] {
        try await pool.read { database in
            let values = try Row.fetchAll(
                database,
                sql:
                    "SELECT kind, value FROM claim GROUP BY kind, value HAVING COUNT(*) > 1 ORDER BY kind, value LIMIT ?",
                arguments: [limit]
            ).compactMap(identifier)
            return try values.map { identifier in
                let claimants = try Row.fetchAll(
                    database,
                    sql: "SELECT device, rank, since FROM claim WHERE kind = ? AND value = ? \(bestFirst)",
                    arguments: [identifier.kind.rawValue, identifier.value]
                ).compactMap(claimant)
                return Contest(identifier: identifier, claimants: claimants)
            }
        }
    }

    /// The devices that look like two machines.
    package func clones(limit: Int) async throws -> [DeviceID] {
        try await pool.read { database in
            try String.fetchAll(
                database,
                sql: "SELECT id FROM device WHERE cloned_at IS NOT NULL ORDER BY cloned_at DESC LIMIT ?",
                arguments: [limit]
            ).compactMap(DeviceID.init(rawValue:))
        }
    }
}

/// The claimant that an identifier is bound to comes first: the best rank, then who had it first.
let bestFirst = "ORDER BY rank DESC, since, device"

private func identifier(_ row: Row) -> Identifier? {
    Identifier.Kind(rawValue: row["kind"]).flatMap { Identifier($0, row["value"]) }
}

private func claimant(_ row: Row) -> Contest.Claimant? {
    guard let device = DeviceID(rawValue: row["device"]), let rank = Rank(rawValue: row["rank"]) else { return nil }
    return Contest.Claimant(device: device, rank: rank, since: Timestamp(microseconds: row["since"]))
}
