internal import GRDB
internal import PostureModel
internal import ScorerModel

/// The rows of tags, of notices, of the rows in use and of revocation lists, in both directions.
enum IdentityRows {
    // MARK: Tags

    /// The columns that say where a tag comes from.
    static func columns(of origin: DeviceTag.Origin) -> (origin: String, serial: String) {
        switch origin {
        case .operators: ("operator", "")
        case .inventory(let serial): ("inventory", serial)
        case .certificate: ("certificate", "")
        }
    }

    static func tag(_ row: Row) -> DeviceTag? {
        let origin: DeviceTag.Origin
        switch row["origin"] as String {
        case "operator": origin = .operators
        case "inventory": origin = .inventory(serial: row["serial"])
        case "certificate": origin = .certificate
        default: return nil
        }
        return DeviceTag(row["name"], origin)
    }

    // MARK: Notices

    static func notice(_ row: Row) -> IdentityNotice? {
        guard let device = DeviceID(rawValue: row["device"]),
            let kind = IdentityNotice.Kind(rawValue: row["kind"])
        else { return nil }
        return IdentityNotice(
            kind,
            of: device,
            other: row["other"],
            since: Timestamp(microseconds: row["since"])
        )
    }

    // MARK: The row in use

    /// The columns of `row_in_use` beside those of a device, as ``use(_:of:)`` reads them.
    static let useColumns =
        "u.row_id, u.kind AS use_kind, u.strength AS use_strength, u.agreeing, u.asked_at, u.passed_on"

    /// Reads the row in use of a device; nil for none, and for one that this version cannot read.
    static func use(_ row: Row, of device: DeviceID) -> RowUse? {
        guard let id = row["row_id"] as String?, let kind = Identifier.Kind(rawValue: row["use_kind"]),
            let strength = ClaimStrength(rawValue: row["use_strength"])
        else { return nil }
        return RowUse(
            device: device,
            row: id,
            kind: kind,
            strength: strength,
            agreeing: agreeing(row["agreeing"]),
            askedAt: Timestamp(microseconds: row["asked_at"]),
            passedOn: decoded(row["passed_on"]) ?? []
        )
    }

    /// The fields that agree as they are kept: in one order, so that rows can be counted by them.
    static func text(_ agreeing: Set<AgreeingField>) throws -> String {
        try json(agreeing.map(\.rawValue).sorted())
    }

    /// Reads those fields; one that this version does not know is left out.
    static func agreeing(_ text: String) -> Set<AgreeingField> {
        let names: [String] = decoded(text) ?? []
        return Set(names.compactMap(AgreeingField.init(rawValue:)))
    }

    // MARK: Revocation lists

    static func crl(_ row: Row) -> StoredCRL? {
        guard let der = (row["der"] as DatabaseValue).bytes else { return nil }
        return StoredCRL(
            issuerKey: row["issuer_key"],
            thisUpdate: Timestamp(microseconds: row["this_update"]),
            der: der
        )
    }
}
