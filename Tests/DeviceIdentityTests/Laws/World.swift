@_spi(Verifying) import PostureModel
import ScorerModel
import TestSupport

@testable import DeviceIdentity
@testable import Scoring

/// A fleet with a scorer in memory: decisions are made over snapshots, and their changes applied on their conditions.
///
/// Beside the store it keeps what happened, in plain words, for ``Oracle``.
struct World {
    // MARK: The scorer

    var now = SampleDevice.now
    var policy = Policy.lawful
    var pollingInterval: Int64 = 3600
    var outages: [Outage] = []
    /// The serial numbers of certificates on the CA's newest CRL.
    var revoked: Set<String> = []

    // MARK: The store

    var records: [DeviceID: DeviceRecord] = [:]
    var claims: [Identifier: ClaimSet] = [:]
    var tags: [DeviceID: Set<DeviceTag>] = [:]
    var notices: [DeviceID: [IdentityNotice]] = [:]
    var uses: [DeviceID: RowUse] = [:]
    var inventory: [String: InventoryItem] = [:]
    var blocks: [Block] = []

    // MARK: What happened

    /// The newest report of each device.
    var drafts: [Int: Draft] = [:]
    /// The identifiers that operators assigned by value.
    var assigned: [Int: Set<Identifier>] = [:]
    var told = Told()
    /// The certificate key that each device proved when its newest report came.
    var provedAtReceipt: [Int: String] = [:]

    /// The reports as they were verified, so that none is decoded again.
    private var verified: [DeviceID: VerifiedReport] = [:]
    private var nonce: Int64 = 0

    init(devices: ClosedRange<Int> = 1...4) { for number in devices { register(number) } }

    var rules: LinkRules { policy.linkRules(pollingInterval: pollingInterval) }
    var liveness: Liveness { Liveness(at: now, staleAfter: policy.freshness.staleAfter, outages: outages) }

    var trust: Trust {
        let list = KnownRevocations(
            issuer: "CN=CA",
            serialNumbers: revoked,
            thisUpdate: SampleDevice.now.adding(seconds: -3600),
            nextUpdate: SampleDevice.now.adding(seconds: 400 * 86_400)
        )
        return Trust(checks: ["corp": .init(anchors: ["root"], revocations: ["ca": [list]])])
    }

    /// Everything, as one snapshot.
    var snapshot: Snapshot {
        var snapshot = Snapshot()
        let received = records.compactMapValues { $0.retiredAt == nil ? $0.newest?.receivedAt : nil }
        snapshot.claims = claims.mapValues { set in
            let lastReports = received.filter { device, _ in set.claim(of: device) != nil }
            return ClaimSet(set.identifier, version: set.version, claims: set.claims, lastReports: lastReports)
        }
        (snapshot.inventory, snapshot.blocks) = (inventory, blocks)
        for (device, own) in records {
            var record = own
            record.claims = snapshot.claims.values.compactMap { $0.heldClaim(of: device) }.sorted {
                $0.claim.identifier < $1.claim.identifier
            }
            (record.tags, record.notices) = (tags[device] ?? [], notices[device] ?? [])
            (record.use, record.inventory) = (uses[device], record.serial.flatMap { inventory[$0] })
            record.takeBlocks(of: blocks)
            snapshot.records[device] = record
        }
        return snapshot
    }

    /// The record of a device as the store has it.
    func record(_ number: Int) -> DeviceRecord? { snapshot.records[SampleDevice.id(number)] }

    /// The input of an evaluation; nil for a device that has not reported.
    func input(_ record: DeviceRecord) -> ScoringInput? {
        guard let newest = record.newest, let report = verified[record.device] else { return nil }
        let age = liveness.age(of: newest.receivedAt)
        return ScoringInput(record, report: report, receivedAt: newest.receivedAt, age: age, outages: outages)
    }

    /// The whole score of a device; nil for one that has not reported.
    func evaluation(_ number: Int) -> Evaluation? {
        record(number).flatMap(input).map { policy.evaluate($0, trust: trust, at: now) }
    }

    /// Whether the certificate of a device's newest report proves now.
    func proves(_ number: Int) -> Bool {
        guard let input = record(number).flatMap(input) else { return false }
        return policy.verdicts(of: input, trust: trust, at: now).contains(where: \.proves)
    }

    /// The receipt with a number, which no test of key messages shows but for the newest.
    static let receipt: @Sendable (Int64) -> Receipt = { Receipt(number: $0, code: [0]) }

    // MARK: What devices do

    /// Registers a device, or one that has retired again.
    mutating func register(_ number: Int) {
        let authorisation = Authorisation.certificate(fingerprint: "leaf", deviceLimit: 1000)
        let decision = decide(SampleDevice.registration(number), by: authorisation, at: now, over: snapshot)
        if case .register(let changes) = decision, apply(changes) == .committed { told.retiredKeys[number] = nil }
    }

    /// Reports; the agent shows the receipt of the last answer unless another one is given.
    @discardableResult
    mutating func report(_ draft: Draft, receipt: String?? = nil) -> IngestDecision? {
        let device = SampleDevice.id(draft.device)
        nonce += 1
        let shown = receipt ?? records[device]?.continuity?.answered.text
        let report = VerifiedReport(
            report: draft.report(receipt: shown, at: now),
            payload: [],
            checks: [draft.verdict(revoked: revoked)],
            nonceIssuedAt: Timestamp(microseconds: now.microseconds + nonce)
        )
        let receipt = { Receipt(number: $0, code: [UInt8(draft.device), UInt8(truncatingIfNeeded: $0)]) }
        guard let decision = try? decide(report, over: snapshot, by: rules, receipt: receipt, liveness) else {
            return nil
        }
        guard apply(decision.changes(names: [])) == .committed else { return nil }
        verified[device] = report
        told.report(draft, of: self)
        drafts[draft.device] = draft
        let isRevoked = draft.certificate.map { revoked.contains($0.number) } ?? true
        provedAtReceipt[draft.device] = draft.isProven && !isRevoked ? draft.certificate?.key : nil
        return decision
    }

    mutating func retire(_ number: Int) {
        guard let record = record(number), record.retiredAt == nil else { return }
        apply(record.retiring(over: snapshot, at: now))
        told.retire(number)
        forget(number)
    }

    mutating func forget(_ number: Int) {
        assigned[number] = nil
        told.forget(number)
    }

    // MARK: The store

    /// Applies changes together or not at all.
    @discardableResult
    mutating func apply(_ changes: [Change]) -> CommitOutcome {
        var next = self
        for change in changes { guard next.make(change) else { return .conflict } }
        self = next
        return .committed
    }
}
