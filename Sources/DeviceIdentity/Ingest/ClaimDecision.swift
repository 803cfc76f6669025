internal import PostureModel
internal import ScorerModel

/// The claims of one device, while they are decided.
struct ClaimDecision {
    let device: DeviceID
    let now: Timestamp
    private let before: [Identifier: ClaimSet]
    private(set) var sets: [Identifier: ClaimSet]
    /// Identifiers that the device claims for the first time, without becoming their holder.
    private(set) var refused: [Identifier] = []
    /// Identifiers that another device held until now.
    private(set) var taken: [Identifier] = []

    /// The most certificate keys of one device that are remembered.
    static let keyLimit = 16

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
        sets.values.compactMap { $0.heldClaim(of: device) }.sorted { $0.claim.identifier < $1.claim.identifier }
    }

    /// Makes claims, each as strong as it is founded now or has been while it was made.
    mutating func make(_ claims: [Identifier: ClaimStrength]) {
        for (identifier, strength) in claims.sorted(by: { $0.key < $1.key }) { make(identifier, strength) }
    }

    /// Gives up the claims of a kind but for some, and for what an operator assigned.
    mutating func giveUp(_ kind: Identifier.Kind, except kept: Set<Identifier>) {
        for (identifier, set) in sets where identifier.kind == kind && !kept.contains(identifier) {
            guard let claim = set.claim(of: device), claim.strength != .assigned else { continue }
            sets[identifier]?.remove(device)
        }
    }

    /// Ends the hold of keys whose certificates are revoked: the device only shows them then.
    mutating func endHold(of keys: Set<String>) {
        for key in keys.map(Identifier.key) {
            guard let claim = sets[key]?.claim(of: device), claim.strength == .proven else { continue }
            sets[key]?.put(Claim(identifier: key, device: device, strength: .reported, since: now))
        }
    }

    /// Forgets the keys that the device proved first, beyond the limit, but for those of the newest report.
    mutating func forgetKeys(except kept: Set<Identifier>) {
        let own = sets.values.filter { $0.identifier.kind == .key }.compactMap { $0.claim(of: device) }
        let old = own.filter { !kept.contains($0.identifier) && $0.strength != .assigned }.sorted {
            $0.since < $1.since
        }
        for claim in old.prefix(max(0, own.count - Self.keyLimit)) { sets[claim.identifier]?.remove(device) }
    }

    private mutating func make(_ identifier: Identifier, _ founded: ClaimStrength) {
        var set = sets[identifier] ?? ClaimSet(identifier)
        let (known, holder) = (set.claim(of: device)?.strength, set.holder)
        if let known, known.rank >= founded.rank { return }
        if known == nil, !set.makeRoom(for: founded) {
            refused.append(identifier)
            return
        }
        set.put(Claim(identifier: identifier, device: device, strength: founded, since: now))
        sets[identifier] = set
        guard identifier.kind != .key, let holder, holder != device else { return }
        if set.holder == device { taken.append(identifier) } else if known == nil { refused.append(identifier) }
    }
}

extension ClaimSet {
    /// Makes room for one more claim: of too many the weakest goes, unless the new one is not stronger.
    ///
    /// - Returns: whether there is room.
    fileprivate mutating func makeRoom(for strength: ClaimStrength) -> Bool {
        // Whoever proves a key has it: nobody makes such claims up.
        let limit = identifier.kind == .key && strength != .reported ? Self.keyLimit : Self.limit
        guard claims.count >= limit, let weakest = claims.last else { return true }
        guard strength.rank > weakest.strength.rank else { return false }
        remove(weakest.device)
        return true
    }
}
