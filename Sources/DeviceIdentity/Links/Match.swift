package import PostureModel
package import ScorerModel

/// A link from a row to a device that counts.
package struct Link: Sendable, Equatable {
    /// The device.
    package let device: DeviceID
    /// The kind of identifier that links them.
    package let kind: Identifier.Kind
    /// The strength of the link at this moment.
    package let strength: ClaimStrength
    /// Since when the device claims the identifier with its strength.
    package let since: Timestamp
    /// The fields of the row that the newest report has too.
    package let agreeing: Set<AgreeingField>

    /// Whether this link comes before another one: the stronger, and of equals the older.
    func comesBefore(_ other: Link) -> Bool {
        if strength.rank != other.strength.rank { return strength.rank > other.strength.rank }
        return (since, device.rawValue) < (other.since, other.device.rawValue)
    }
}

/// The outcome of matching a row.
package enum Match: Sendable, Equatable {
    /// The row is linked to a device.
    case linked(Link)
    /// No link counts, and why not the most promising one.
    case none(NoMatch)
}

/// Finds the device whose score a row may get: of the links that count, the strongest, and of equals the oldest.
///
/// Pure. Whether the row does get the score is for ``RowsInUse`` to decide: a device's score is given to one row. The laws are in
/// docs/identity.md.
///
/// - Parameters:
///   - asked: The row.
///   - byWARPID: The devices that claim the row's WARP id, the strongest claim first.
///   - bySerial: The devices that claim the row's serial number, the strongest claim first.
///   - rules: The knobs.
/// - Returns: the link, or why there is none.
package func match(_ asked: PostureRow, byWARPID: [Claimant], bySerial: [Claimant], by rules: LinkRules) -> Match {
    let row = ComparedRow(asked, shared: rules.shared)
    var links: [Link] = []
    var failures: [NoMatch] = []
    func take(_ result: Result<Link, LinkFailure>) {
        switch result {
        case .success(let link): links.append(link)
        case .failure(let failure): failures.append(failure.reason)
        }
    }
    // The use of a device's score is named by the id.
    guard let id = row.warpID else { return .none(.unknown) }
    for claimant in byWARPID { take(row.link(byWARPID: id, to: claimant, rules)) }
    if let serial = row.serial {
        for claimant in bySerial { take(row.link(bySerial: serial, to: claimant, rules)) }
    }
    guard let best = links.min(by: { $0.comesBefore($1) }) else { return .none(failures.first ?? .unknown) }
    return .linked(best)
}

/// The failure of one link.
struct LinkFailure: Error { let reason: NoMatch }

extension ComparedRow {
    /// A link by WARP id counts if somebody else vouches for the id, or if the device reports it and the row agrees in something
    /// and contradicts nothing.
    func link(byWARPID id: Identifier, to known: Claimant, _ rules: LinkRules) -> Result<Link, LinkFailure> {
        func failure(_ reason: (DeviceID) -> NoMatch) -> Result<Link, LinkFailure> {
            .failure(LinkFailure(reason: reason(known.device)))
        }
        guard let claim = known.record.claim(to: id)?.claim, let strength = known.strength(of: id) else {
            switch known.reading {
            case .read: return failure(NoMatch.otherWARPIDRead)
            case .cannotTell: return failure(NoMatch.warpIDsUnreadable)
            case .noClient: return failure(NoMatch.noWARPClient)
            }
        }
        let agreeing = agreeing(with: known)
        if !strength.isVouchedFor {
            if rules.warpMatch == .carried { return failure(NoMatch.notCarried) }
            if contradicts(known) { return failure(NoMatch.serialContradicts) }
            if rules.warpMatch == .agreeing, agreeing.isEmpty { return failure(NoMatch.nothingAgrees) }
        }
        guard hasCarriedSerial(of: known) else { return failure(NoMatch.carriedSerialMissing) }
        return .success(
            Link(device: known.device, kind: .warp, strength: strength, since: claim.since, agreeing: agreeing)
        )
    }

    /// A link by serial number counts only for a live device with a WARP client whose ids the agent cannot tell, and only if
    /// the row's virtual IPv4 agrees, or by a trusting policy its MAC or host name.
    func link(bySerial serial: Identifier, to known: Claimant, _ rules: LinkRules) -> Result<Link, LinkFailure> {
        func failure(_ reason: (DeviceID) -> NoMatch) -> Result<Link, LinkFailure> {
            .failure(LinkFailure(reason: reason(known.device)))
        }
        switch known.reading {
        case .read: return failure(NoMatch.otherWARPIDRead)
        case .noClient: return failure(NoMatch.noWARPClient)
        case .cannotTell: break
        }
        guard let claim = known.record.claim(to: serial)?.claim, let strength = known.strength(of: serial) else {
            return failure(NoMatch.serialNotReported)
        }
        guard known.isLive else { return failure(NoMatch.silent) }
        let agreeing = agreeing(with: known)
        let enough: Set<AgreeingField>
        switch rules.serialMatch {
        case .never: return failure(NoMatch.serialNeverMatches)
        case .corroborated: enough = [.ipv4]
        case .trusting: enough = [.ipv4, .mac, .hostname]
        }
        guard !agreeing.isDisjoint(with: enough) else { return failure(NoMatch.warpIDsUnreadable) }
        guard !contradicts(known) else { return failure(NoMatch.serialContradicts) }
        guard hasCarriedSerial(of: known) else { return failure(NoMatch.carriedSerialMissing) }
        return .success(
            Link(device: known.device, kind: .serial, strength: strength, since: claim.since, agreeing: agreeing)
        )
    }

    /// Whether the row has the product serial number where a proven certificate carries it.
    private func hasCarriedSerial(of known: Claimant) -> Bool {
        !known.carriesProductSerial || serial?.value == known.productSerial
    }
}
