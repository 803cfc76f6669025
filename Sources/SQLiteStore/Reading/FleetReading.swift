internal import GRDB
package import PostureModel
package import ScorerModel

/// The fleet as a whole: conflicts, notices and counts, each by an index that has nothing else.
extension SQLiteStore {
    /// A part of the index that has only claims in conflict.
    package func conflicts(limit: Int) async throws -> [ClaimSet] {
        try await pool.read { database in
            let identifiers = try Row.fetchAll(database, sql: Self.conflictQuery, arguments: [limit]).compactMap {
                row in
                Identifier.Kind(rawValue: row["kind"]).map { Identifier(stored: $0, row["value"]) }
            }
            let claims = try SnapshotReader.read(.init(identifiers: Set(identifiers)), database).claims
            return identifiers.compactMap { claims[$0] }
        }
    }

    static let conflictQuery =
        "SELECT DISTINCT kind, value FROM claim WHERE in_conflict = 1 ORDER BY kind, value LIMIT ?"

    /// One walk through the index that has only claims in conflict.
    package func conflictCounts() async throws -> [Identifier.Kind: Int] {
        try await counts(Self.conflictCountQuery) { Identifier.Kind(rawValue: $0["kind"]) }
    }

    static let conflictCountQuery = """
        SELECT kind, COUNT(*) AS number FROM (SELECT DISTINCT kind, value FROM claim WHERE in_conflict = 1) AS c GROUP BY kind
        """

    /// The newest of each kind, by the index of times.
    package func notices(_ kinds: Set<IdentityNotice.Kind>, limit: Int) async throws -> [IdentityNotice] {
        let notices = try await pool.read { database in
            try kinds.flatMap { kind in
                try Row.fetchAll(
                    database.cachedStatement(sql: Self.noticeQuery),
                    arguments: [kind.rawValue, limit]
                ).compactMap(IdentityRows.notice)
            }
        }
        return Array(
            notices.sorted {
                ($1.since, $0.device.rawValue, $0.kind.rawValue, $0.other) < (
                    $0.since, $1.device.rawValue, $1.kind.rawValue, $1.other
                )
            }.prefix(limit)
        )
    }

    static let noticeQuery = """
        SELECT * FROM identity_notice WHERE kind = ? ORDER BY since DESC, device, other LIMIT ?
        """

    /// One walk through the index of times.
    package func noticeCounts() async throws -> [IdentityNotice.Kind: Int] {
        try await counts(Self.noticeCountQuery) { IdentityNotice.Kind(rawValue: $0["kind"]) }
    }

    static let noticeCountQuery = "SELECT kind, COUNT(*) AS number FROM identity_notice GROUP BY kind"

    /// One walk through an index that has nothing but times.
    package func counts(at now: Timestamp) async throws -> FleetCounts {
        let (hour, day) = (now.adding(seconds: -3600).microseconds, now.adding(seconds: -86_400).microseconds)
        return try await pool.read { database in
            var counts = FleetCounts()
            guard let row = try Row.fetchOne(database, sql: Self.countQuery, arguments: ["hour": hour, "day": day])
            else { return counts }
            (counts.withinHour, counts.withinDay) = (row["within_hour"], row["within_day"])
            (counts.earlier, counts.never, counts.retired) = (row["earlier"], row["never"], row["retired"])
            counts.newest = (row["newest"] as Int64?).map(Timestamp.init(microseconds:))
            return counts
        }
    }

    static let countQuery = """
        SELECT (SELECT COUNT(*) FROM device WHERE retired_at IS NULL AND received_at > :hour) AS within_hour,
            (SELECT COUNT(*) FROM device WHERE retired_at IS NULL AND received_at > :day AND received_at <= :hour)
                AS within_day,
            (SELECT COUNT(*) FROM device WHERE retired_at IS NULL AND received_at <= :day) AS earlier,
            (SELECT COUNT(*) FROM device WHERE retired_at IS NULL AND received_at IS NULL) AS never,
            (SELECT COUNT(*) FROM device WHERE retired_at IS NOT NULL) AS retired,
            (SELECT MAX(received_at) FROM device WHERE retired_at IS NULL) AS newest
        """

    private func counts<Key: Hashable & Sendable>(
        _ sql: String,
        _ key: @escaping @Sendable (Row) -> Key?
    ) async throws -> [Key: Int] {
        try await pool.read { database in
            try Row.fetchAll(database, sql: sql).reduce(into: [:]) { counts, row in
                if let key = key(row) { counts[key] = row["number"] }
            }
        }
    }
}

/// The rows of Cloudflare's by how they are linked.
extension SQLiteStore {
    /// One part of an index of the rows, and one walk through an index of the devices.
    package func linkCounts(askedSince: Timestamp) async throws -> LinkCounts {
        try await pool.read { database in
            var counts = LinkCounts()
            let since = askedSince.microseconds
            for row in try Row.fetchAll(database, sql: Self.linkQuery, arguments: [since]) {
                guard let kind = Identifier.Kind(rawValue: row["kind"]),
                    let strength = ClaimStrength(rawValue: row["strength"])
                else { continue }
                let (number, agreeing) = (row["number"] as Int, IdentityRows.agreeing(row["agreeing"]))
                counts.rows[.init(kind, strength), default: 0] += number
                for field in agreeing { counts.agreeing[field, default: 0] += number }
                if agreeing.isEmpty { counts.agreeingInNothing += number }
            }
            for row in try Row.fetchAll(database, sql: Self.readingQuery) {
                guard let reading = WARPReading(rawValue: row["warp"]) else { continue }
                counts.readings[reading] = row["number"]
            }
            let unlinked = try Int.fetchOne(
                database,
                sql: Self.unlinkedQuery,
                arguments: [WARPReading.cannotTell.rawValue, since]
            )
            counts.cannotTellAndUnlinked = unlinked ?? 0
            return counts
        }
    }

    static let linkQuery = """
        SELECT kind, strength, agreeing, COUNT(*) AS number FROM row_in_use WHERE asked_at >= ?
        GROUP BY kind, strength, agreeing
        """

    static let readingQuery = """
        SELECT warp, COUNT(*) AS number FROM device WHERE retired_at IS NULL AND warp IS NOT NULL GROUP BY warp
        """

    static let unlinkedQuery = """
        SELECT COUNT(*) FROM device AS d WHERE d.retired_at IS NULL AND d.warp = ?
        AND NOT EXISTS (SELECT 1 FROM row_in_use AS u WHERE u.device = d.id AND u.asked_at >= ?)
        """
}
