internal import PostureModel
internal import ScorerModel

/// The claims of one device, while they are decided.
struct ClaimDecision {
    let device: DeviceID
    let now: Timestamp
    private let before: [Identifier: ClaimSet]
    private var sets: [Identifier: ClaimSet]
    var events = IdentityEvents()

    init(device: DeviceID, now: Timestamp, snapshot: Snapshot) {
        self.device = device
        self.now = now
        before = snapshot.claims
        sets = snapshot.claims
    }

    /// The sets that differ from the snapshot's, in the order of their identifiers.
    var changed: [ClaimSet] {
        sets.filter { $0.value.claims != (before[$0.key]?.claims ?? []) }.values.sorted {
            $0.identifier < $1.identifier
        }
    }

    /// The claims of the device now.
    var heldClaims: [DeviceRecord.HeldClaim] {
        sets.values.compactMap { set in
            set.claim(of: device).map { DeviceRecord.HeldClaim($0, holder: set.holder) }
        }.sorted { $0.claim.identifier < $1.claim.identifier }
    }

    /// Makes what a report claims, and gives up what it no longer claims, kind by kind.
    mutating func make(_ claims: [(identifier: Identifier, strength: ClaimStrength)], inPlaceOf earlier: [Claim]) {
        for kind in Identifier.Kind.allCases {
            let reported = claims.filter { $0.identifier.kind == kind }
            guard !reported.isEmpty else { continue }
            let kept = Set(reported.map(\.identifier))
            for claim in earlier where claim.identifier.kind == kind && !kept.contains(claim.identifier) {
                sets[claim.identifier]?.remove(device)
            }
            for claim in reported { make(claim.identifier, claim.strength) }
        }
    }

    private mutating func make(_ identifier: Identifier, _ reported: ClaimStrength) {
        var set = sets[identifier] ?? ClaimSet(identifier)
        let (known, holder) = (set.claim(of: device)?.strength, set.holder)
        let isContradicted = reported == .contradicted && (known ?? .contradicted) < .expected
        let strength = isContradicted ? .contradicted : max(reported, known ?? .contradicted)
        guard strength != known else { return }
        if known == nil, !set.makeRoom(for: strength) {
            events.refused.append(identifier)
            return
        }
        set.put(Claim(identifier: identifier, device: device, strength: strength, since: now))
        sets[identifier] = set
        if strength == .contradicted {
            events.refused.append(identifier)
        } else if let holder, holder != device {
            if set.holder == device {
                events.taken.append(identifier)
            } else if known == nil {
                events.refused.append(identifier)
            }
        }
    }
}

extension ClaimSet {
    /// Makes room for one more claim: of too many the weakest goes, unless the new one is not stronger.
    ///
    /// - Returns: whether there is room.
    fileprivate mutating func makeRoom(for strength: ClaimStrength) -> Bool {
        guard claims.count >= Self.limit, let weakest = claims.last else { return true }
        guard strength > weakest.strength else { return false }
        remove(weakest.device)
        return true
    }
}
