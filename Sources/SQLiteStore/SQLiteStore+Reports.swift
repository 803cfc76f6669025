internal import DeviceIdentity
internal import GRDB
@_spi(Verifying) package import PostureModel
package import ScorerModel

/// Newest reports, with what is known of their devices.
extension SQLiteStore {
    /// Stores in one conditional write and what follows from it.
    package func accept(
        _ report: VerifiedReport,
        receivedAt: Timestamp,
        failing: @escaping @Sendable (StoredStanding) -> Set<String>
    ) async throws -> AcceptOutcome {
        let id = report.report.device.rawValue
        let (content, verdicts) = (try json(report.report), try json(report.checks))
        return try await pool.write { database in
            // What a device fails from its first report on, it never passed.
            let isFirst =
                try Row.fetchOne(
                    database,
                    sql: "SELECT 1 FROM device WHERE id = ? AND received_at IS NULL",
                    arguments: [id]
                ) != nil
            try database.execute(
                sql: """
                    UPDATE device SET last_nonce_at = ?, received_at = ?, report = ?, verdicts = ?
                    WHERE id = ? AND (last_nonce_at < ? OR last_nonce_at > ?)
                    """,
                arguments: [
                    report.nonceIssuedAt.microseconds, receivedAt.microseconds, content, verdicts, id,
                    report.nonceIssuedAt.microseconds,
                    // A nonce from the far future was accepted by a clock that was wrong: it may not lock the device out.
                    receivedAt.adding(seconds: 3600).microseconds,
                ]
            )
            guard database.changesCount == 1 else {
                let known = try Row.fetchOne(database, sql: "SELECT 1 FROM device WHERE id = ?", arguments: [id])
                return known == nil ? .unknownDevice : .stale
            }
            var change = try Self.bind(report, at: receivedAt, database)
            change.isClone = try Self.notice(report, at: receivedAt, database)
            var standing = try Self.standing(of: report.report.device, database)
            let before = standing.failingSince
            standing.failingSince = Dictionary(
                uniqueKeysWithValues: failing(standing).map {
                    ($0, before[$0] ?? (isFirst ? Timestamp(seconds: 0) : receivedAt))
                }
            )
            try database.execute(
                sql: "UPDATE device SET failing = ? WHERE id = ?",
                arguments: [try json(standing.failingSince.mapValues(\.microseconds)), id]
            )
            return .accepted(standing, change)
        }
    }

    /// Remembers by what the device is looked up, and what the next report's boot is compared with.
    ///
    /// - Returns: whether the device looks like two machines since now.
    private static func notice(_ verified: VerifiedReport, at now: Timestamp, _ database: Database) throws -> Bool {
        let report = verified.report
        let leaves = verified.checks.filter { $0.level == .proven }.compactMap { $0.chain.first?.text }
        let row = try Row.fetchOne(
            database,
            sql: "SELECT boots, cloned_at FROM device WHERE id = ?",
            arguments: [report.device.rawValue]
        )
        var boots: Boots = decoded(row?["boots"]) ?? Boots()
        let wasClone = (row?["cloned_at"] as Int64?) != nil
        // One that does not say its boot says another one than those that do.
        let isClone = boots.add(report.facts.bootID.value ?? "", at: now)
        try database.execute(
            sql: """
                UPDATE device SET boots = ?, serial = coalesce(?, serial), hostname = coalesce(?, hostname),
                    proven = coalesce(?, proven), cloned_at = coalesce(cloned_at, ?)
                WHERE id = ?
                """,
            arguments: [
                try json(boots), Claim.serial(of: report)?.value, Claim.hostname(of: report)?.value,
                leaves.isEmpty ? nil : try json(leaves), isClone ? now.microseconds : nil, report.device.rawValue,
            ]
        )
        return isClone && !wasClone
    }

    private static func standing(of device: DeviceID, _ database: Database) throws -> StoredStanding {
        try Row.fetchOne(
            database,
            sql: "SELECT \(standingColumns) FROM device AS d WHERE d.id = ?",
            arguments: [device.rawValue]
        ).map { storedStanding($0, of: device) } ?? StoredStanding()
    }

    /// One look-up by primary key.
    package func newestReport(of device: DeviceID) async throws -> StoredReport? {
        try await pool.read { database in
            try Row.fetchOne(
                database,
                sql: "SELECT \(storedColumns) FROM device AS d WHERE d.id = ? AND d.report IS NOT NULL",
                arguments: [device.rawValue]
            ).map { try storedReport($0) }
        }
    }

    /// One query for each kind of identifier, however many there are.
    ///
    /// `CROSS JOIN` keeps SQLite to this order of tables, whatever it knows or guesses of their sizes.
    package func reports(claiming identifiers: Set<Identifier>) async throws -> [Identifier: [StoredReport]] {
        var found: [Identifier: [StoredReport]] = [:]
        for (kind, identifiers) in Dictionary(grouping: identifiers, by: \.kind) {
            let values = try json(identifiers.map(\.value))
            let rows: [(String, StoredReport)] = try await pool.read { database in
                try Row.fetchAll(
                    database,
                    sql: """
                        SELECT held.value, held.rank, held.since, \(storedColumns) FROM (
                            SELECT a.value, c.device, c.rank, c.since, row_number() OVER (PARTITION BY a.value \(bestFirst)) AS place
                            FROM json_each(?) AS a CROSS JOIN claim AS c ON c.kind = ? AND c.value = a.value AND c.rank > 0
                        ) AS held CROSS JOIN device AS d ON d.id = held.device
                        WHERE held.place <= ? AND d.report IS NOT NULL ORDER BY held.value, held.place
                        """,
                    arguments: [values, kind.rawValue, Claim.shownLimit]
                )
                // One row that cannot be read, from another version perhaps, does not cost the others their answer.
                .compactMap { row in (try? storedReport(row, claim: founded(row))).map { (row["value"], $0) } }
            }
            for (value, report) in rows {
                if let identifier = Identifier(kind, value) { found[identifier, default: []].append(report) }
            }
        }
        return found
    }

    /// One page, by primary key.
    package func reports(after: DeviceID?, limit: Int) async throws -> [StoredReport] {
        try await pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT \(storedColumns) FROM device AS d WHERE d.id > ? AND d.report IS NOT NULL ORDER BY d.id LIMIT ?
                    """,
                arguments: [after?.rawValue ?? "", limit]
            ).compactMap { try? storedReport($0) }
        }
    }
}

/// The columns for ``storedReport(_:)``, of the device `d`.
private let storedColumns = "d.report, d.verdicts, d.received_at, d.last_nonce_at, \(standingColumns)"

/// The columns for ``storedStanding(_:of:)``, of the device `d`.
private let standingColumns = """
    d.serial, d.failing, d.cloned_at, d.proven,
    EXISTS (SELECT 1 FROM claim WHERE device = d.id AND kind = 'warp') AS has_warp_id,
    (SELECT rank FROM claim WHERE kind = 'serial' AND value = d.serial AND device = d.id) AS serial_rank,
    (SELECT device FROM claim WHERE kind = 'serial' AND value = d.serial AND rank > 0 \(bestFirst) LIMIT 1) AS serial_owner,
    d.id = (SELECT device FROM claim WHERE kind = 'hostname' AND value = d.hostname AND rank > 0 \(bestFirst) LIMIT 1)
        AS owns_hostname,
    (SELECT tag FROM inventory WHERE inventory.serial = d.serial) AS tag,
    (SELECT json_array(b.reason, b.device) FROM block AS b WHERE (b.kind = 'device' AND b.value = d.id)
        OR (b.kind = 'serial' AND b.value = d.serial)
        OR (b.kind = 'certificate' AND b.value IN (
            SELECT json_extract(v.value, '$.chain[0].issuer_key') || ':' || json_extract(v.value, '$.chain[0].serial_number')
            FROM json_each(d.verdicts) AS v)) LIMIT 1) AS block,
    (SELECT json_group_array(json_object('rule', w.rule, 'until', w.expires_at, 'reason', w.reason))
        FROM waiver AS w WHERE w.device = d.id) AS waivers
    """

private func founded(_ row: Row) -> StoredReport.Founded? {
    Rank(rawValue: row["rank"]).map { .init(rank: $0, since: Timestamp(microseconds: row["since"])) }
}

private func storedReport(_ row: Row, claim: StoredReport.Founded? = nil) throws -> StoredReport {
    let (text, verdicts): (String, String) = (row["report"], row["verdicts"])
    let report: Report = try Wire.decode(from: Array(text.utf8))
    return StoredReport(
        report: VerifiedReport(
            report: report,
            checks: try Wire.decode(from: Array(verdicts.utf8)),
            nonceIssuedAt: Timestamp(microseconds: row["last_nonce_at"])
        ),
        receivedAt: Timestamp(microseconds: row["received_at"]),
        standing: storedStanding(row, of: report.device),
        claim: claim
    )
}

private func storedStanding(_ row: Row, of device: DeviceID) -> StoredStanding {
    var standing = StoredStanding()
    standing.hasWARPID = row["has_warp_id"]
    standing.serial = row["serial"]
    standing.serialRank = (row["serial_rank"] as Int?).flatMap(Rank.init(rawValue:))
    standing.serialOwner = (row["serial_owner"] as String?).flatMap(DeviceID.init(rawValue:))
    standing.ownsHostname = row["owns_hostname"] ?? false
    // What a device only says of its serial number gives it no tag.
    if standing.serialOwner == device, (standing.serialRank ?? .refused) >= .certificate { standing.tag = row["tag"] }
    let failing: [String: Int64] = decoded(row["failing"]) ?? [:]
    standing.failingSince = failing.mapValues(Timestamp.init(microseconds:))
    standing.clonedAt = (row["cloned_at"] as Int64?).map(Timestamp.init(microseconds:))
    standing.proven = decoded(row["proven"]) ?? []
    let block: [String] = decoded(row["block"]) ?? []
    (standing.block, standing.blockedWith) = (block.first, block.last.flatMap(DeviceID.init(rawValue:)))
    standing.waivers = decoded(row["waivers"]) ?? []
    return standing
}

extension ChainLink {
    /// The certificate as a ``Block`` has it.
    package var text: String { "\(issuerKey):\(serialNumber)" }
}

/// A value that the store wrote as JSON; nil for none, and for one that it cannot read.
func decoded<Value: Decodable>(_ text: String?) -> Value? {
    text.flatMap { try? Wire.decode(from: Array($0.utf8)) }
}
