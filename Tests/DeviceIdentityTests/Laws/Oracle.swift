import PostureModel
import ScorerModel
import TestSupport

@testable import DeviceIdentity
@testable import Scoring

extension Draft {
    /// What the report says of the WARP ids; those that were read more than an hour ago are not told.
    var reading: WARPReading {
        switch warp {
        case .read(_, let age): age <= 3600 ? .read : .cannotTell
        case .cannotTell: .cannotTell
        case .noClient: .noClient
        }
    }

    /// The WARP ids that the report reads.
    var ids: [String] {
        if case .read(let ids, _) = warp, reading == .read { ids.map { $0.lowercased() } } else { [] }
    }

    /// The product serial number; every good one of the tests begins alike.
    var goodSerial: String? { serial.flatMap { $0.hasPrefix("PF0FAKE") ? $0.lowercased() : nil } }

    /// The identifiers of the report.
    var identifiers: Set<Identifier> {
        Set(
            ids.map { Identifier(stored: .warp, $0) }
                + [goodSerial].compactMap { $0 }.map { Identifier(stored: .serial, $0) }
        )
    }
}

extension PostureRow {
    var goodSerial: String? { serialNumber.hasPrefix("PF0FAKE") ? serialNumber.lowercased() : nil }

    /// The fields in which a row agrees with a report; the fleets have one shared value of each kind.
    func agreeing(with draft: Draft) -> Set<AgreeingField> {
        var fields: Set<AgreeingField> = []
        if let goodSerial, goodSerial == draft.goodSerial { fields.insert(.serial) }
        if draft.macs.contains(macAddress), macAddress != Pool.sharedMAC { fields.insert(.mac) }
        if !hostname.isEmpty, hostname == draft.hostname, hostname != Pool.sharedHostname { fields.insert(.hostname) }
        if !virtualIPv4.isEmpty, virtualIPv4 == draft.ipv4, virtualIPv4 != Pool.sharedIPv4 { fields.insert(.ipv4) }
        return fields
    }
}

/// What the laws say, from what happened alone.
extension World {
    /// Whether the newest report of a device is not stale; the outages of the tests do not overlap.
    func isLive(_ device: Int) -> Bool {
        guard let receipt = told.receivedAt[device] else { return false }
        return awake(since: receipt) < policy.freshness.staleAfter
    }

    /// Seconds since a moment, without outages.
    func awake(since moment: Timestamp) -> Int64 {
        let lost = outages.map { max(0, min($0.ended, now).seconds - max($0.began, moment).seconds) }.reduce(0, +)
        return now.seconds - moment.seconds - lost
    }

    /// Whether a certificate key counts for a device (law 5).
    func counts(_ key: String, for device: Int) -> Bool {
        guard let proofs = told.proofs[key], let own = proofs[device] else { return false }
        let first = told.assignedKeys[key]
        let isSilent = !isLive(device)
        let ahead = proofs.filter { other, since in
            guard other != device, isLive(other) else { return false }
            if isSilent { return true }
            if first == device { return false }
            return other == first || (since, other) < (own, device)
        }
        return ahead.count < policy.certificates.devicesPerCertificate
    }

    /// Whether a device proves a certificate.
    func proves(naively device: Int) -> Certificate? {
        guard let draft = drafts[device], draft.isProven, let certificate = draft.certificate,
            !revoked.contains(certificate.number), counts(certificate.key, for: device)
        else { return nil }
        return certificate
    }

    /// The strengths of what the newest report and the inventory found.
    func founded(_ device: Int) -> [Identifier: Int] {
        guard let draft = drafts[device] else { return [:] }
        let certificate = proves(naively: device)
        var ranks: [Identifier: Int] = [:]
        for identifier in draft.identifiers {
            let carried = identifier.kind == .warp ? certificate?.warp : certificate?.serial
            ranks[identifier] = carried?.lowercased() == identifier.value ? 3 : certificate == nil ? 1 : 2
        }
        if let serial = draft.goodSerial, let line = inventory[serial], line.certificateName != nil,
            line.certificateName == certificate?.name
        {
            ranks[Identifier(stored: .serial, serial)] = 3
            if let id = line.warpID { ranks[Identifier(stored: .warp, id)] = 3 }
        }
        return ranks
    }

    /// The strength with which a device has an identifier now; nil if nothing gives it to the device (law 1).
    func rank(_ device: Int, _ identifier: Identifier) -> Int? {
        guard let draft = drafts[device], told.claims[device]?[identifier] != nil else { return nil }
        let readsAnother =
            identifier.kind == .warp && draft.reading == .read && !draft.ids.contains(identifier.value)
        if readsAnother { return nil }
        if assigned[device]?.contains(identifier) == true { return 4 }
        return founded(device)[identifier]
    }

    /// A link that counts.
    struct Counting {
        var device: Int
        var kind: Identifier.Kind
        var rank: Int
        var since: Timestamp
    }

    /// The links of a row that count (laws 1 and 2).
    func links(of row: PostureRow) -> [Counting] {
        let id = Identifier(stored: .warp, row.deviceID.lowercased())
        return drafts.keys.sorted().flatMap { device -> [Counting] in
            var links: [Counting] = []
            if let rank = rank(device, id), countsByID(row, device, rank) {
                links.append(Counting(device: device, kind: .warp, rank: rank, since: since(device, id)))
            }
            if let serial = row.goodSerial.map({ Identifier(stored: .serial, $0) }), let rank = rank(device, serial),
                countsBySerial(row, device)
            {
                links.append(Counting(device: device, kind: .serial, rank: rank, since: since(device, serial)))
            }
            return links
        }
    }

    private func since(_ device: Int, _ identifier: Identifier) -> Timestamp {
        told.claims[device]?[identifier]?.since ?? now
    }

    /// The device whose link counts before all others (law 3).
    func holder(of row: PostureRow) -> Int? {
        links(of: row).min { ($1.rank, $0.since, $0.device) < ($0.rank, $1.since, $1.device) }?.device
    }

    private func countsByID(_ row: PostureRow, _ device: Int, _ rank: Int) -> Bool {
        guard let draft = drafts[device], hasCarriedSerial(row, device) else { return false }
        guard rank < 3 else { return true }
        let agrees = !row.agreeing(with: draft).isEmpty
        switch policy.matching.warpMatch {
        case .carried: return false
        case .agreeing: return agrees && !contradicts(row, device)
        case .reported: return !contradicts(row, device)
        }
    }

    private func countsBySerial(_ row: PostureRow, _ device: Int) -> Bool {
        guard let draft = drafts[device], draft.reading == .cannotTell, isLive(device) else { return false }
        let fields = row.agreeing(with: draft)
        let isEnough =
            switch policy.matching.serialMatch {
            case .never: false
            case .corroborated: fields.contains(.ipv4)
            case .trusting: fields != [] && fields != [.serial]
            }
        return isEnough && !contradicts(row, device) && hasCarriedSerial(row, device)
    }

    private func contradicts(_ row: PostureRow, _ device: Int) -> Bool {
        guard let own = drafts[device]?.goodSerial, let other = row.goodSerial, own != other else { return false }
        return assigned[device]?.contains(Identifier(stored: .serial, other)) != true
    }

    private func hasCarriedSerial(_ row: PostureRow, _ device: Int) -> Bool {
        guard let own = drafts[device]?.goodSerial, proves(naively: device)?.serial?.lowercased() == own else {
            return true
        }
        return row.goodSerial == own
    }
}
