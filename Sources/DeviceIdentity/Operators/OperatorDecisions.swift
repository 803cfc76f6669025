package import PostureModel
package import ScorerModel

/// The outcome of assigning identifiers to a device.
package enum AssignmentDecision: Sendable, Equatable {
    /// These claims change, and the device holds the identifiers.
    case assigned([Identifier], claims: [ClaimSet])
    /// Other devices have claims that somebody vouches for: nothing changes.
    case heldByOthers(Set<DeviceID>)
}

extension DeviceRecord {
    /// Assigns identifiers to the device; every other claim goes behind.
    ///
    /// The limit of claims does not count here. The commit writes the device's record with the claims, so that they
    /// are not a device's that was deleted in between.
    ///
    /// - Parameters:
    ///   - identifiers: The identifiers.
    ///   - snapshot: The claims to them.
    ///   - force: Whether to do so though somebody vouches for another device's claim.
    ///   - now: Since when a new claim is that well founded.
    /// - Returns: the claims that change, or who is in the way.
    package func assigning(
        _ identifiers: Set<Identifier>,
        over snapshot: Snapshot,
        force: Bool,
        at now: Timestamp
    ) -> AssignmentDecision {
        let sets = identifiers.sorted().map { snapshot.claims(to: $0) }
        let others = sets.flatMap(\.claims).filter { $0.device != device && $0.strength.isVouchedFor }
        guard force || others.isEmpty else { return .heldByOthers(Set(others.map(\.device))) }
        let assigned = sets.map { set in
            var result = set
            for claim in set.claims where claim.strength == .assigned && claim.device != device {
                // What its report says is found again when the device is linked.
                result.put(claim.with(claim.identifier.kind == .key ? .proven : .carried))
            }
            let since = set.claim(of: device)?.since ?? now
            result.put(Claim(identifier: set.identifier, device: device, strength: .assigned, since: since))
            return result
        }
        return .assigned(identifiers.sorted(), claims: zip(sets, assigned).filter { $0 != $1 }.map { $1 })
    }

    /// The identifiers that resolving the conflicts of the device assigns to it.
    ///
    /// The newest report carries or proves them, and other devices claim them too: nothing is added that the report lacks.
    package var contested: Set<Identifier> {
        let keys = (newest?.checks ?? []).filter(\.proves).compactMap(\.key).map(Identifier.key)
        let carried = Set(reported + keys)
        return Set(claims.filter { !$0.rivals.isEmpty }.map(\.claim.identifier)).intersection(carried)
    }

    /// Takes back the assignment of an identifier: the claim goes unless the newest report makes it.
    ///
    /// - Returns: nil if the identifier is not assigned to the device.
    package func withdrawingAssignment(of identifier: Identifier, over snapshot: Snapshot) -> ClaimSet? {
        var set = snapshot.claims(to: identifier)
        guard let claim = set.claim(of: device), claim.strength == .assigned else { return nil }
        if identifier.kind == .key {
            set.put(claim.with(.proven))
        } else if reported.contains(identifier) {
            // As strong as the newest report founds it: a weaker claim would lose its age when the next report comes.
            let founded = ReportedClaims.strengths(
                reported: reported,
                verdicts: newest?.checks ?? [],
                inventory: inventory
            )
            set.put(claim.with(founded[identifier] ?? .reported))
        } else {
            set.remove(device)
        }
        return set
    }

    /// The claims to what the device claims, without its own.
    package func withdrawingClaims(over snapshot: Snapshot) -> [ClaimSet] {
        claims.map { held in
            var set = snapshot.claims(to: held.claim.identifier)
            set.remove(device)
            return set
        }
    }

    /// The keys of a block of the device: its id and, unless `keyOnly`, its key, the certificate keys that it holds, and the
    /// identifiers that it holds by more than its word.
    ///
    /// What it only shows or claims may be another's, and is not blocked.
    ///
    /// - Parameters:
    ///   - keyOnly: Whether to block the device's id and key alone.
    ///   - verdicts: The verdicts of the newest report as they count now.
    ///   - heldKeys: The certificate keys that count for the device.
    /// - Returns: the keys, the device's own first.
    package func keysToBlock(keyOnly: Bool, verdicts: [CheckVerdict], heldKeys: Set<String>) -> [Block.Key] {
        let own = [Block.Key(.device, device.rawValue), Block.Key(.deviceKey, keyThumbprint)]
        guard !keyOnly else { return own }
        let founded = ReportedClaims.strengths(reported: reported, verdicts: verdicts, inventory: inventory)
        let held = claims.filter { held in
            guard held.claim.identifier.kind != .key, held.isHeld else { return false }
            // A report without its proof, just before the block, frees nothing.
            return held.claim.strength.isVouchedFor || founded[held.claim.identifier]?.isVouchedFor == true
        }
        return own + heldKeys.sorted().map { Block.Key(.certificateKey, $0) }
            + held.map { Block.Key($0.claim.identifier) }
    }
}

extension ClaimSet {
    /// The claims once the inventory does not expect a certificate any more, or expects another one: what it confirmed is
    /// only reported.
    package var withoutExpectation: ClaimSet {
        var result = self
        for claim in claims where claim.strength == .expected { result.put(claim.with(.reported)) }
        return result
    }
}

extension Claim {
    fileprivate func with(_ strength: ClaimStrength) -> Claim {
        Claim(identifier: identifier, device: device, strength: strength, since: since)
    }
}
