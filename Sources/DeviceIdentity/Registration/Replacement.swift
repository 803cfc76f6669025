package import PostureModel
package import ScorerModel

extension DeviceRecord {
    /// The changes by which the device gives up its keys and identifiers: for itself, or since another one replaces it.
    ///
    /// Its record stays with its tags, waivers and blocks, so that it does not come back without them. So do its claims to
    /// certificate keys until then, which hold nothing: a block covers them, and whoever has got a key is named if the device comes
    /// back.
    package func retiring(over snapshot: Snapshot, at now: Timestamp) -> [Change] {
        var retired = self
        retired.retiredAt = now
        // The row in use stays named: a device that registers again does not begin with a new one.
        let given = withdrawingClaims(over: snapshot).filter { $0.identifier.kind != .key }
        return [.device(retired)] + given.map(Change.claims)
    }

    /// The changes by which a new device takes the place of this one: the machine was installed again.
    ///
    /// The new device gets the certificate keys with their age, what operators assigned, the tags and the waivers. What the
    /// old one only reported, the new one reports itself.
    ///
    /// - Parameters:
    ///   - new: The new device.
    ///   - snapshot: Both devices with their claims.
    ///   - now: The time of the decision.
    /// - Returns: the changes, which need both devices to be in the store.
    package func replaced(by new: DeviceID, over snapshot: Snapshot, at now: Timestamp) -> [Change] {
        var retired = self
        retired.retiredAt = now
        let sets = claims.map { held -> ClaimSet in
            var set = snapshot.claims(to: held.claim.identifier)
            set.remove(device)
            let passesOn = held.claim.strength == .assigned || held.claim.identifier.kind == .key
            guard passesOn else { return set }
            let inherited = Claim(
                identifier: held.claim.identifier,
                device: new,
                strength: held.claim.strength,
                since: held.claim.since
            )
            if set.claim(of: new).map(inherited.comesBefore) ?? true { set.put(inherited) }
            return set
        }
        let inherited = waivers.map { waiver in
            Change.waive(
                Waiver(
                    device: new,
                    rule: waiver.rule,
                    expiresAt: waiver.expiresAt,
                    reason: waiver.reason,
                    createdBy: waiver.createdBy,
                    createdAt: waiver.createdAt
                )
            )
        }
        return [.device(retired)] + sets.map(Change.claims)
            + (tags.isEmpty ? [] : [.tag(new, tags.sorted { $0.name < $1.name })]) + inherited
            + (use.map { [.use(device, nil, insteadOf: $0.row)] } ?? [])
    }
}
