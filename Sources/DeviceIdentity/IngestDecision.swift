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

    /// The changes to commit, on condition that nothing moved from which it was decided.
    ///
    /// A claim that the inventory confirms does not get weaker by itself, so the line has to be there still.
    package func changes(names: [DeviceName]) -> [Change] {
        let own = [Change.report(record, names: names)] + claims.map(Change.claims)
        guard let serial = claims.first(where: { $0.identifier.kind == .serial && $0.claim(of: record.device) != nil })
        else { return own }
        let value = serial.identifier.value
        return own + [.requireExpectation(serial: value, certificateName: record.inventory?.certificateName)]
    }
}

/// The effects of a report on others.
package struct IdentityEvents: Sendable, Equatable {
    /// Identifiers that the device claims for the first time, without becoming their holder.
    package var refused: [Identifier] = []
    /// Identifiers that another device held until now.
    package var taken: [Identifier] = []
    /// Whether the report raised the clone alarm.
    package var isCloneAlarmRaised = false
}

/// Why a report changes nothing.
package enum IngestRefusal: Error, Sendable, Equatable {
    /// The device is not known.
    case unknownDevice
    /// A report with this nonce or a newer one was accepted before.
    case stale
}

extension Snapshot.Request {
    /// Asks for everything that a report is decided from.
    package init(for verified: VerifiedReport) {
        let serial = Identifier.serial(of: verified.report).map { Block.Key(.serial, $0.value) }
        let certificates = verified.checks.compactMap { $0.chain.first.map { Block.Key(.certificate, $0.text) } }
        self.init(
            devices: [verified.report.device],
            identifiers: Set(ReportedClaims.identifiers(of: verified.report)),
            blockKeys: Set([serial].compactMap { $0 } + certificates)
        )
    }
}

/// Decides what a report changes, from a snapshot of the device and of what the report claims.
///
/// A claim does not get weaker while the device makes it, unless the inventory contradicts it. A kind of which the report says
/// nothing good stays as it was.
package func decide(
    _ verified: VerifiedReport,
    receivedAt now: Timestamp,
    over snapshot: Snapshot
) throws(IngestRefusal) -> IngestDecision {
    guard var record = snapshot.records[verified.report.device] else { throw .unknownDevice }
    if let newest = record.newest {
        // A nonce from the far future was accepted by a clock that was wrong: it may not lock the device out.
        let isFromTheFuture = newest.nonceIssuedAt > now.adding(seconds: 3600)
        guard newest.nonceIssuedAt < verified.nonceIssuedAt || isFromTheFuture else { throw .stale }
    }
    let serial = Identifier.serial(of: verified.report)
    let inventory = serial.flatMap { snapshot.inventory[$0.value] }
    var decision = ClaimDecision(device: record.device, now: now, snapshot: snapshot)
    decision.make(ReportedClaims.strengths(of: verified, inventory: inventory), inPlaceOf: record.claims.map(\.claim))

    record.newest = StoredReport(verified, receivedAt: now)
    record.listing = DeviceListing(verified.report)
    if let serial {
        record.serial = serial.value
        record.inventory = inventory
    }
    let leaves = verified.checks.filter { $0.level == .proven }.compactMap(\.chain.first)
    if !leaves.isEmpty { record.provenCertificates = leaves }
    // A report that does not have its boot differs from those that do.
    if CloneDetection.add(verified.report.facts.bootID.value ?? "", to: &record.boots, at: now),
        record.cloneAlarmSince == nil
    {
        record.cloneAlarmSince = now
        decision.events.isCloneAlarmRaised = true
    }
    record.claims = decision.heldClaims
    record.takeBlocks(of: record.blocks + snapshot.blocks)
    return IngestDecision(record: record, claims: decision.changed, events: decision.events)
}
