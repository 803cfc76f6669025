import PostureModel
import ScorerModel

/// What devices said and proved, in the words of the laws and by nothing of the scorer's.
struct Told {
    /// A claim: its strength from 1 to 4, and since when it is that strong.
    struct Claim: Equatable {
        var rank: Int
        var since: Timestamp
    }

    /// When the newest report of each device came.
    private(set) var receivedAt: [Int: Timestamp] = [:]
    /// The WARP ids and serial numbers that each device claims.
    private(set) var claims: [Int: [Identifier: Claim]] = [:]
    /// The devices that proved each certificate key, and when first.
    private(set) var proofs: [String: [Int: Timestamp]] = [:]
    /// The device that an operator assigned a certificate key.
    private(set) var assignedKeys: [String: Int] = [:]

    /// Takes a report that was accepted into account; `world` is as it was before, but for the store.
    mutating func report(_ draft: Draft, of world: World) {
        let device = draft.device
        receivedAt[device] = world.now
        if let certificate = draft.certificate, draft.isProven, !world.revoked.contains(certificate.number),
            proofs[certificate.key]?[device] == nil
        {
            proofs[certificate.key, default: [:]][device] = world.now
        }
        // A report that shows a certificate which is revoked ends the hold of its key, unless an operator assigned that.
        if let certificate = draft.certificate, world.revoked.contains(certificate.number),
            assignedKeys[certificate.key] != device
        {
            proofs[certificate.key]?[device] = nil
        }
        var after = world
        after.drafts[device] = draft
        after.told = self
        let founded = after.founded(device)
        var own = claims[device] ?? [:]
        let kept = world.assigned[device] ?? []
        own = own.filter { identifier, _ in
            if kept.contains(identifier) || founded[identifier] != nil { return true }
            switch identifier.kind {
            case .warp: return draft.reading == .cannotTell
            case .serial: return draft.goodSerial == nil
            case .key: return true
            }
        }
        for (identifier, rank) in founded where (own[identifier]?.rank ?? 0) < rank {
            own[identifier] = Claim(rank: rank, since: world.now)
        }
        claims[device] = own
    }

    /// The keys that a device had proven when it retired, until it registers again.
    var retiredKeys: [Int: Set<String>] = [:]

    /// The device gives up what it claims and proved, until it registers again.
    mutating func retire(_ device: Int) {
        let proven = proofs.filter { $0.value[device] != nil }.keys
        retiredKeys[device] = Set(proven).union(assignedKeys.filter { $0.value == device }.keys)
        forget(device)
    }

    /// The device gives up what it claims and proved; its newest report stays.
    mutating func forget(_ device: Int) {
        claims[device] = nil
        for key in proofs.keys { proofs[key]?[device] = nil }
        assignedKeys = assignedKeys.filter { $0.value != device }
    }

    mutating func assign(_ identifiers: Set<Identifier>, to device: Int, at now: Timestamp) {
        for identifier in identifiers {
            for other in claims.keys where other != device && claims[other]?[identifier]?.rank == 4 {
                claims[other]?[identifier]?.rank = 3
            }
            if identifier.kind == .key {
                assignedKeys[identifier.value] = device
            } else {
                let since = claims[device]?[identifier]?.since ?? now
                claims[device, default: [:]][identifier] = Claim(rank: 4, since: since)
            }
        }
    }

    mutating func unassign(_ identifier: Identifier, from device: Int, stays: Bool) {
        if identifier.kind == .key { assignedKeys[identifier.value] = nil }
        if stays { claims[device]?[identifier]?.rank = 1 } else { claims[device]?[identifier] = nil }
    }

    /// A new device takes the place of an old one, with its keys and what operators assigned.
    mutating func replace(_ old: Int, by new: Int) {
        for (key, devices) in proofs {
            guard let since = devices[old] else { continue }
            proofs[key]?[new] = min(since, devices[new] ?? since)
        }
        for (key, device) in assignedKeys where device == old { assignedKeys[key] = new }
        let keys = assignedKeys
        for (identifier, claim) in claims[old] ?? [:] where claim.rank == 4 {
            let own = claims[new]?[identifier]
            guard own?.rank != 4 || (own?.since ?? claim.since) > claim.since else { continue }
            claims[new, default: [:]][identifier] = claim
        }
        forget(old)
        assignedKeys = keys
    }
}
