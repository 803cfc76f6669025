package import PostureModel
package import ScorerModel

/// The changes of a report: the device's record, and who holds which identifier.
package struct IngestDecision: Sendable, Equatable {
    /// The device's record with the report, but for what scoring adds.
    package var record: DeviceRecord
    /// The claims that change, of this device and of those that make room for it.
    package var claims: [ClaimSet]
    /// Events that operators should know of.
    package var events: IdentityEvents
    /// Tags that the device gets.
    private var tags: [DeviceTag]
    /// The verdicts of the report: none of them proves by a key that counts for another device.
    package let verdicts: [CheckVerdict]

    fileprivate init(
        record: DeviceRecord,
        claims: [ClaimSet],
        events: IdentityEvents,
        tags: [DeviceTag],
        verdicts: [CheckVerdict]
    ) {
        (self.record, self.claims, self.events) = (record, claims, events)
        (self.tags, self.verdicts) = (tags, verdicts)
    }

    /// The changes to commit, on condition that nothing moved from which it was decided.
    ///
    /// A claim that the inventory confirms does not get weaker by itself, so the line has to be there still.
    package func changes(names: [DeviceName]) -> [Change] {
        var changes = [Change.report(record, names: names)] + claims.map(Change.claims)
        if !tags.isEmpty { changes.append(.tag(record.device, tags)) }
        changes += events.notices.map(Change.notice)
        if let serial = record.reported.first(where: { $0.kind == .serial }), !claims.isEmpty {
            changes.append(
                .requireExpectation(serial: serial.value, certificateName: record.inventory?.certificateName)
            )
        }
        return changes
    }
}

/// The effects of a report on others.
package struct IdentityEvents: Sendable, Equatable {
    /// Identifiers that the device claims for the first time, without becoming their holder.
    package var refused: [Identifier] = []
    /// Identifiers that another device held until now.
    package var taken: [Identifier] = []
    /// Notices that are new.
    package var notices: [IdentityNotice] = []
    /// Whether the report shows a receipt that the store does not know of any more: it was put back to an earlier state.
    package var showsLaterReceipt = false

    /// Creates events.
    package init() {}
}

/// Why a report changes nothing.
package enum IngestRefusal: Error, Sendable, Equatable {
    /// The device is not known, or has retired.
    case unknownDevice
    /// A report with this nonce or a newer one was accepted before.
    case stale
}

extension Snapshot.Request {
    /// Asks for everything that a report is decided from.
    package init(for verified: VerifiedReport) {
        let identifiers = ReportedClaims.identifiers(of: verified.report)
        let keys = verified.checks.compactMap(\.key).map(Identifier.key)
        self.init(
            devices: [verified.report.device],
            identifiers: Set(identifiers + keys),
            blockKeys: Set((identifiers + keys).map(Block.Key.init))
        )
    }
}

/// Decides what a report changes, from a snapshot of the device and of what the report claims.
///
/// Pure. The laws are in docs/identity.md.
///
/// - Parameters:
///   - verified: The report, with the verdicts of the moment.
///   - snapshot: What ``Snapshot/Request/init(for:)`` asks for.
///   - rules: The knobs.
///   - receipt: The receipt of the device with a number; the same for the same number.
///   - liveness: The ages of reports at the time of receipt.
/// - Returns: what to commit, and what to tell.
/// - Throws: why the report changes nothing.
package func decide(
    _ verified: VerifiedReport,
    over snapshot: Snapshot,
    by rules: LinkRules,
    receipt: (Int64) -> Receipt,
    _ liveness: Liveness
) throws(IngestRefusal) -> IngestDecision {
    let now = liveness.now
    guard var record = snapshot.records[verified.report.device], record.retiredAt == nil else { throw .unknownDevice }
    if let newest = record.newest {
        // A nonce from the far future was accepted by a clock that was wrong: it may not lock the device out.
        let isFromTheFuture = newest.nonceIssuedAt > now.adding(seconds: 3600)
        guard newest.nonceIssuedAt < verified.nonceIssuedAt || isFromTheFuture else { throw .stale }
    }
    let previous = record.newest?.receivedAt
    record.newest = StoredReport(verified, receivedAt: now)
    record.listing = DeviceListing(verified.report)
    record.reported = ReportedClaims.identifiers(of: verified.report)
    if let serial = record.reported.first(where: { $0.kind == .serial }) {
        record.serial = serial.value
        record.inventory = snapshot.inventory[serial.value]
    }

    var claims = ClaimDecision(device: record.device, now: now, snapshot: snapshot)
    let keys = verified.checks.filter { $0.key != nil }
    claims.make(
        Dictionary(keys.map { (.key($0.key ?? ""), $0.proves ? .proven : .reported) }) { $0.rank > $1.rank ? $0 : $1 }
    )
    claims.endHold(
        of: Set(keys.filter(\.isRevoked).compactMap(\.key)).subtracting(keys.filter(\.proves).compactMap(\.key))
    )
    claims.forgetKeys(except: Set(keys.map { .key($0.key ?? "") }))
    record.claims = claims.heldClaims
    let key = KeyDecision(record: record, limit: rules.devicesPerCertificate, liveness: liveness)
    let verdicts = key.holding(verified.checks)
    claims.takeIdentifiers(of: record, WARPReading(verified.report), verdicts)
    record.claims = claims.heldClaims

    var notices = key.notices(of: keys.filter(\.proves).compactMap(\.key), previous: previous, at: now)
    let (continuity, finding) = Continuity.taking(verified.report, into: record.continuity, receipt: receipt, at: now)
    record.continuity = continuity
    switch finding {
    case .continues, .storeReturned: break
    case .restored: notices.append(IdentityNotice(.snapshotRestored, of: record.device, since: now))
    case .returned: notices.append(IdentityNotice(.deviceKeyCopied, of: record.device, since: now))
    }
    var events = IdentityEvents()
    (events.refused, events.taken) = (claims.refused, claims.taken)
    events.showsLaterReceipt = finding == .storeReturned
    events.refused += record.refusedKeys(verified.checks, key, earlier: snapshot.records[record.device])
    events.notices = record.adding(notices)
    let tags = record.takingTags(verdicts)
    record.takeBlocks(of: record.blocks + snapshot.blocks)
    return IngestDecision(record: record, claims: claims.changed, events: events, tags: tags, verdicts: verdicts)
}

extension ClaimDecision {
    /// Makes the claims of a report to identifiers, and gives up what the device does not say any more.
    ///
    /// An agent that cannot tell its WARP ids, or has no good serial number, gives nothing up: the links are suspended.
    fileprivate mutating func takeIdentifiers(
        of record: DeviceRecord,
        _ reading: WARPReading,
        _ verdicts: [CheckVerdict]
    ) {
        let founded = ReportedClaims.strengths(
            reported: record.reported,
            verdicts: verdicts,
            inventory: record.reported.contains { $0.kind == .serial } ? record.inventory : nil
        )
        let kept = Set(founded.keys)
        if reading != .cannotTell { giveUp(.warp, except: kept) }
        if kept.contains(where: { $0.kind == .serial }) { giveUp(.serial, except: kept) }
        make(founded)
    }
}

extension DeviceRecord {
    /// Adds the notices that are new to the record.
    fileprivate mutating func adding(_ found: [IdentityNotice]) -> [IdentityNotice] {
        var new: [IdentityNotice] = []
        for notice in found {
            let alike = notices.filter { $0.kind == notice.kind }
            guard alike.count < IdentityNotice.limit, !alike.contains(where: { $0.other == notice.other }) else {
                continue
            }
            notices.append(notice)
            new.append(notice)
        }
        return new
    }

    /// The keys that the device proves for the first time and that count for another one.
    fileprivate func refusedKeys(
        _ verdicts: [CheckVerdict],
        _ key: KeyDecision,
        earlier: DeviceRecord?
    ) -> [Identifier] {
        verdicts.filter(\.proves).compactMap(\.key).map(Identifier.key).filter { identifier in
            let known = earlier?.claim(to: identifier)?.claim.strength
            return (known == nil || known == .reported) && !key.holds(identifier.value)
        }
    }

    /// Takes the tags that the inventory and proven certificates give: they stay until an operator takes them away.
    ///
    /// An inventory tag counts for a device that holds the serial number by more than its word.
    fileprivate mutating func takingTags(_ verdicts: [CheckVerdict]) -> [DeviceTag] {
        var found = verdicts.filter(\.proves).compactMap(\.commonName).map { DeviceTag($0, .certificate) }
        if let inventory, let tag = inventory.tag {
            let serial = Identifier(stored: .serial, inventory.serial)
            let founded = ReportedClaims.strengths(reported: reported, verdicts: verdicts, inventory: inventory)
            let claim = claim(to: serial)
            let isAssigned = claim?.claim.strength == .assigned
            if claim?.isHeld == true, isAssigned || founded[serial]?.isVouchedFor == true {
                found.append(DeviceTag(tag, .inventory(serial: inventory.serial)))
            }
        }
        let new = found.filter { !tags.contains($0) }
        tags.formUnion(new)
        return new
    }
}
