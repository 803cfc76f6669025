internal import GRDB
internal import PostureModel
internal import ScorerModel

/// The row of a device, and the device's own part of its record.
///
/// A column that scoring sees is in the schema, here in both directions, and in ``DeviceRecord``.
enum DeviceRows {
    /// The columns of a device's own part, with their values; those that only a report changes come second.
    ///
    /// A new device has all of them.
    static func values(of record: DeviceRecord) throws -> (own: [Column], report: [Column]) {
        let own: [Column] = [
            ("jwk", try json(record.key)),
            ("key_thumbprint", record.keyThumbprint),
            ("replaced_keys", try json(record.replacedKeys)),
            ("retired_at", record.retiredAt?.microseconds),
            ("continuity", try record.continuity.map { try json($0) }),
            ("failing", try json(record.failingSince.mapValues(\.microseconds))),
        ]
        let report: [Column] = [
            ("received_at", record.newest?.receivedAt.microseconds),
            ("nonce_issued_at", record.newest?.nonceIssuedAt.microseconds),
            ("verdicts", try record.newest.map { try json($0.checks) }),
            ("hostname", record.listing.hostname),
            ("serial_shown", record.listing.serial),
            ("operating_system", record.listing.operatingSystem),
            ("agent", record.listing.agent),
            ("warp", record.listing.warp?.rawValue),
            ("reported", try json(record.reported.map { [$0.kind.rawValue, $0.value] })),
            ("serial", record.serial),
        ]
        return (own, report)
    }

    typealias Column = (name: String, value: (any DatabaseValueConvertible)?)

    /// The columns that registration writes and that never change.
    static func registration(of record: DeviceRecord) throws -> [Column] {
        let (by, registration) =
            switch record.registeredBy {
            case .token(let hash): ("token", hash)
            case .certificate(let fingerprint): ("certificate", fingerprint)
            }
        return [
            ("id", record.device.rawValue), ("registered_at", record.registeredAt.microseconds),
            ("registered_by", by), ("registration", registration),
        ]
    }

    /// Reads a row of `device`, with the payload of its report and the row of Cloudflare's that it uses.
    ///
    /// - Returns: nil for a row that this version cannot read; it does not cost other devices their answer.
    static func record(_ row: Row) -> DeviceRecord? {
        guard let id = DeviceID(rawValue: row["id"]), let key: JWK = decoded(row["jwk"]) else { return nil }
        var record = DeviceRecord(
            device: id,
            key: key,
            registeredAt: Timestamp(microseconds: row["registered_at"]),
            registeredBy: row["registered_by"] == "token"
                ? .token(hash: row["registration"]) : .certificate(fingerprint: row["registration"]),
            version: row["version"]
        )
        if let payload: [UInt8] = (row["payload"] as DatabaseValue).bytes, let receivedAt: Int64 = row["received_at"],
            let nonceIssuedAt: Int64 = row["nonce_issued_at"], let checks: [CheckVerdict] = decoded(row["verdicts"])
        {
            record.newest = StoredReport(
                payload: payload,
                checks: checks,
                nonceIssuedAt: Timestamp(microseconds: nonceIssuedAt),
                receivedAt: Timestamp(microseconds: receivedAt)
            )
        }
        record.keyThumbprint = row["key_thumbprint"]
        record.replacedKeys = decoded(row["replaced_keys"]) ?? []
        record.retiredAt = (row["retired_at"] as Int64?).map(Timestamp.init(microseconds:))
        record.listing = listing(row)
        let reported: [[String]] = decoded(row["reported"]) ?? []
        record.reported = reported.compactMap { pair in
            guard pair.count == 2 else { return nil }
            return Identifier.Kind(rawValue: pair[0]).map { Identifier(stored: $0, pair[1]) }
        }
        record.serial = row["serial"]
        record.continuity = decoded(row["continuity"])
        let failing: [String: Int64] = decoded(row["failing"]) ?? [:]
        record.failingSince = failing.mapValues(Timestamp.init(microseconds:))
        record.use = IdentityRows.use(row, of: id)
        return record
    }

    /// The listing of a row of `device`.
    static func listing(_ row: Row) -> DeviceListing {
        DeviceListing(
            hostname: row["hostname"],
            serial: row["serial_shown"],
            operatingSystem: row["operating_system"],
            agent: row["agent"],
            warp: (row["warp"] as String?).flatMap(WARPReading.init(rawValue:))
        )
    }
}

/// A value that is kept as JSON.
func json(_ value: some Encodable) throws -> String { String(decoding: try Wire.encode(value), as: UTF8.self) }

/// A value that was kept as JSON; nil for none, and for one that this version cannot read.
func decoded<Value: Decodable>(_ text: String?) -> Value? {
    text.flatMap { try? Wire.decode(from: Array($0.utf8)) }
}

extension DatabaseValue {
    /// The bytes of a BLOB; nil for anything else.
    var bytes: [UInt8]? {
        if case .blob(let data) = storage { Array(data) } else { nil }
    }
}
