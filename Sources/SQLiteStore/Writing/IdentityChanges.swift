internal import GRDB
internal import PostureModel
internal import ScorerModel

/// Writes claims, tags, notices and the rows in use.
extension ChangeWriter {
    // MARK: Claims

    /// Writes all claims to an identifier, if they are still those that were read.
    func write(_ claims: ClaimSet) throws -> CommitOutcome {
        let (kind, value) = (claims.identifier.kind.rawValue, claims.identifier.value)
        let rows = try Row.fetchAll(
            database.cachedStatement(sql: "SELECT * FROM claim WHERE kind = ? AND value = ?"),
            arguments: [kind, value]
        )
        let stored = rows.compactMap(DecisionRows.claim)
        guard ClaimSet(stored: stored, to: claims.identifier).version == claims.version else { return .conflict }
        for claim in stored where claims.claim(of: claim.device) == nil {
            try run(
                "DELETE FROM claim WHERE kind = ? AND value = ? AND device = ?",
                [kind, value, claim.device.rawValue]
            )
        }
        // A set that moves between one claim and several is written as a whole: each row says whether it is alone.
        let isInConflict = claims.claims.count > 1
        let isWhole = isInConflict != (stored.count > 1)
        for claim in claims.claims where isWhole || !stored.contains(claim) {
            try run(
                """
                INSERT INTO claim (kind, value, device, strength, since, in_conflict) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (kind, value, device) DO UPDATE
                SET strength = excluded.strength, since = excluded.since, in_conflict = excluded.in_conflict
                """,
                [
                    kind, value, claim.device.rawValue, claim.strength.rawValue, claim.since.microseconds,
                    isInConflict ? 1 : 0,
                ]
            )
        }
        return .committed
    }

    // MARK: Tags

    /// Gives a device tags up to its limits; a tag by the inventory only while the line gives it.
    func tag(_ device: DeviceID, _ tags: [DeviceTag]) throws -> CommitOutcome {
        guard try isKnown(device) else { return .conflict }
        for tag in tags {
            let (origin, serial) = IdentityRows.columns(of: tag.origin)
            if case .inventory = tag.origin {
                let isGiven = try exists("SELECT 1 FROM inventory WHERE serial = ? AND tag = ?", [serial, tag.name])
                guard isGiven else { return .conflict }
            }
            let counts = try Row.fetchAll(
                database.cachedStatement(sql: "SELECT origin FROM device_tag WHERE device = ?"),
                arguments: [device.rawValue]
            ).map { $0["origin"] as String }
            guard counts.count < DeviceTag.limit,
                tag.origin != .certificate || counts.count(where: { $0 == origin }) < DeviceTag.certificateLimit
            else { continue }
            try run(
                """
                INSERT INTO device_tag (device, name, origin, serial) VALUES (?, ?, ?, ?)
                ON CONFLICT (device, name, origin, serial) DO NOTHING
                """,
                [device.rawValue, tag.name, origin, serial]
            )
        }
        return .committed
    }

    /// Takes the tags with these names from a device.
    func untag(_ device: DeviceID, _ names: [String]) throws -> CommitOutcome {
        for name in names { try run("DELETE FROM device_tag WHERE device = ? AND name = ?", [device.rawValue, name]) }
        return .committed
    }

    // MARK: Notices

    /// Remembers a notice that is new, while there are fewer of its kind than the limit.
    func add(_ notice: IdentityNotice) throws -> CommitOutcome {
        guard try isKnown(notice.device) else { return .conflict }
        let (device, kind) = (notice.device.rawValue, notice.kind.rawValue)
        let count = try Int.fetchOne(
            database.cachedStatement(sql: "SELECT COUNT(*) FROM identity_notice WHERE device = ? AND kind = ?"),
            arguments: [device, kind]
        )
        guard count ?? 0 < IdentityNotice.limit else { return .committed }
        try run(
            """
            INSERT INTO identity_notice (device, kind, other, since) VALUES (?, ?, ?, ?)
            ON CONFLICT (device, kind, other) DO NOTHING
            """,
            [device, kind, notice.other, notice.since.microseconds]
        )
        return .committed
    }

    /// Forgets the notices of a device.
    func clearNotices(of device: DeviceID) throws -> CommitOutcome {
        try run("DELETE FROM identity_notice WHERE device = ?", [device.rawValue])
        return .committed
    }

    // MARK: The row in use

    /// Gives a device's score to a row, or to none, if the row in use is still `earlier`.
    func use(
        _ device: DeviceID,
        _ use: RowUse?,
        insteadOf earlier: String?,
        askedAt: Timestamp?
    ) throws -> CommitOutcome {
        let id = device.rawValue
        let current = try Row.fetchOne(
            database.cachedStatement(sql: "SELECT row_id, asked_at FROM row_in_use WHERE device = ?"),
            arguments: [id]
        )
        let (row, asked): (String?, Int64?) = (current?["row_id"], current?["asked_at"])
        guard row == earlier, askedAt == nil || askedAt?.microseconds == asked, try isKnown(device) else {
            return .conflict
        }
        guard let use else {
            try run("DELETE FROM row_in_use WHERE device = ?", [id])
            return .committed
        }
        return try run(
            """
            INSERT INTO row_in_use (device, row_id, kind, strength, agreeing, asked_at, passed_on)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (device) DO UPDATE SET row_id = excluded.row_id, kind = excluded.kind,
                strength = excluded.strength, agreeing = excluded.agreeing, asked_at = excluded.asked_at,
                passed_on = excluded.passed_on
            """,
            [
                id, use.row, use.kind.rawValue, use.strength.rawValue, try IdentityRows.text(use.agreeing),
                use.askedAt.microseconds, try json(use.passedOn),
            ]
        )
    }

    private func isKnown(_ device: DeviceID) throws -> Bool {
        try exists("SELECT 1 FROM device WHERE id = ?", [device.rawValue])
    }
}
