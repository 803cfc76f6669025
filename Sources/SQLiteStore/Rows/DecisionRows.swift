internal import GRDB
internal import PostureModel
internal import ScorerModel

/// The rows of claims and of what operators decided, as they are read.
enum DecisionRows {
    static func claim(_ row: Row) -> Claim? {
        guard let kind = Identifier.Kind(rawValue: row["kind"]), let device = DeviceID(rawValue: row["device"]),
            let strength = ClaimStrength(rawValue: row["strength"])
        else { return nil }
        return Claim(
            identifier: Identifier(stored: kind, row["value"]),
            device: device,
            strength: strength,
            since: Timestamp(microseconds: row["since"])
        )
    }

    static func block(_ row: Row) -> Block? {
        guard let kind = Block.Kind(rawValue: row["kind"]), let device = DeviceID(rawValue: row["device"]) else {
            return nil
        }
        return Block(
            kind: kind,
            value: row["value"],
            device: device,
            reason: row["reason"],
            createdBy: row["created_by"],
            createdAt: Timestamp(microseconds: row["created_at"])
        )
    }

    static func waiver(_ row: Row) -> Waiver? {
        guard let device = DeviceID(rawValue: row["device"]) else { return nil }
        return Waiver(
            device: device,
            rule: row["rule"],
            expiresAt: Timestamp(microseconds: row["expires_at"]),
            reason: row["reason"],
            createdBy: row["created_by"],
            createdAt: Timestamp(microseconds: row["created_at"])
        )
    }

    static func inventoryItem(_ row: Row) -> InventoryItem {
        InventoryItem(
            serial: row["serial"],
            certificateName: row["certificate_name"],
            tag: row["tag"],
            warpID: row["warp_id"]
        )
    }

    static func token(_ row: Row) -> EnrolmentToken {
        EnrolmentToken(
            hash: row["hash"],
            createdAt: Timestamp(microseconds: row["created_at"]),
            expiresAt: Timestamp(microseconds: row["expires_at"]),
            usesLeft: row["uses_left"],
            createdBy: row["created_by"],
            replaces: (row["replaces"] as String?).flatMap(DeviceID.init(rawValue:))
        )
    }

    static func ca(_ row: Row) -> StoredCA {
        StoredCA(
            id: row["id"],
            name: row["name"],
            certificates: row["certificates"],
            digest: row["digest"],
            addedAt: Timestamp(microseconds: row["added_at"])
        )
    }

    static func auditEntry(_ row: Row) -> AuditEntry {
        AuditEntry(
            id: row["id"],
            at: Timestamp(microseconds: row["at"]),
            actor: row["actor"],
            action: row["action"],
            subject: row["subject"],
            detail: row["detail"]
        )
    }
}
