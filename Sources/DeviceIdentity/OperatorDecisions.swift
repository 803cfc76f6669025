package import PostureModel
package import ScorerModel

/// The outcome of assigning identifiers to a device.
package enum AssignmentDecision: Sendable, Equatable {
    /// These claims change, and the device holds the identifiers.
    case assigned([Identifier], claims: [ClaimSet])
    /// Other devices have claims that a certificate carries, or better: nothing changes.
    case heldByOthers(Set<DeviceID>)
}

extension DeviceRecord {
    /// Assigns to the device what it claims and what its newest report says; every other claim goes behind.
    ///
    /// The limit of claims does not count here. The commit writes the device's record with the claims, so that they
    /// are not a device's that was deleted in between.
    /// - Parameters:
    ///   - report: The newest report; nil if there is none.
    ///   - snapshot: The claims to all of that.
    ///   - force: Whether to do so though another device has a good claim.
    ///   - now: Since when a new claim is that well founded.
    /// - Returns: the claims that change, or who is in the way.
    package func assigningClaims(
        of report: Report?,
        over snapshot: Snapshot,
        force: Bool,
        at now: Timestamp
    ) -> AssignmentDecision {
        let reported = report.map(ReportedClaims.identifiers) ?? []
        let identifiers = Set(reported + claims.map(\.claim.identifier)).sorted()
        let sets = identifiers.map { snapshot.claims(to: $0) }
        let others = sets.flatMap(\.claims).filter { $0.device != device && $0.strength >= .carried }
        guard force || others.isEmpty else { return .heldByOthers(Set(others.map(\.device))) }
        let assigned = sets.map { set in
            var result = set
            for claim in set.claims where claim.strength == .assigned && claim.device != device {
                result.put(claim.with(.expected))
            }
            let since = set.claim(of: device)?.since ?? now
            result.put(Claim(identifier: set.identifier, device: device, strength: .assigned, since: since))
            return result
        }
        return .assigned(identifiers, claims: zip(sets, assigned).filter { $0 != $1 }.map { $1 })
    }

    /// The claims to what the device claims, without its own.
    package func withdrawingClaims(over snapshot: Snapshot) -> [ClaimSet] {
        claims.map { held in
            var set = snapshot.claims(to: held.claim.identifier)
            set.remove(device)
            return set
        }
    }

    /// The keys of a block of the device: its own key, and unless `keyOnly` more that is its own.
    ///
    /// That is the certificates that it proved and the serial number that it holds. What it only shows or claims may be
    /// another's, and is not blocked.
    package func blockKeys(keyOnly: Bool) -> [Block.Key] {
        let key = [Block.Key(.device, device.rawValue)]
        guard !keyOnly, newest != nil else { return key }
        let certificates = provenCertificates.map(\.text).sorted().map { Block.Key(.certificate, $0) }
        let held = serial.flatMap { Identifier(.serial, $0) }.flatMap { claim(to: $0) }?.isHeld == true
        return key + certificates + (held ? [Block.Key(.serial, serial ?? "")] : [])
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
