@_spi(Verifying) import PostureModel
import ScorerModel
import TestSupport

@testable import Scoring

/// What the tests of scoring are about, in short.
enum Sample {
    static let now = Timestamp(seconds: 1_800_000_000)
    static let tomorrow = now.adding(seconds: 86_400)
    static let trust = Trust(anchors: ["corp": ["root"]])

    static func device(_ number: UInt8) -> DeviceID {
        guard let id = DeviceID(rawValue: Base64URL.encode([UInt8](repeating: number, count: 32))) else {
            preconditionFailure("32 bytes make an id")
        }
        return id
    }

    static func report(
        _ number: UInt8 = 1,
        facts: Facts = SampleDevice.facts(),
        warpIDs: [String] = [],
        agent: String = "postured/0.1.0"
    )
        -> Report
    {
        Report(
            device: device(number),
            audience: "https://scorer.example.test",
            agent: agent,
            collectedAt: now,
            facts: facts,
            warpIDs: .observed(WARPIDs(ids: warpIDs, readAt: now)),
            checks: []
        )
    }

    static func verdict(
        _ level: ProofLevel,
        id: String = "corp",
        reason: String = "as it was judged",
        anchor: String? = "root",
        chain: [ChainLink] = [],
        holdsUntil: Timestamp? = tomorrow,
        commonName: String? = nil
    ) -> CheckVerdict {
        CheckVerdict(
            id: id,
            level: level,
            reason: reason,
            anchor: anchor,
            chain: chain,
            holdsUntil: holdsUntil,
            commonName: commonName
        )
    }

    /// A CRL of the issuer with this key, good for an hour before ``now`` and one after.
    static func revocations(
        _ serialNumbers: Set<String>,
        issuer: String = "CN=Issuing",
        thisUpdate: Timestamp? = now.adding(seconds: -3600),
        nextUpdate: Timestamp? = now.adding(seconds: 3600)
    ) -> KnownRevocations {
        KnownRevocations(
            issuer: issuer,
            serialNumbers: serialNumbers,
            thisUpdate: thisUpdate,
            nextUpdate: nextUpdate
        )
    }

    static func verified(
        _ verdicts: [CheckVerdict],
        facts: Facts = SampleDevice.facts(),
        agent: String = "postured/0.1.0"
    )
        -> VerifiedReport
    {
        VerifiedReport(report: report(facts: facts, agent: agent), payload: [], checks: verdicts, nonceIssuedAt: now)
    }

    /// A device that reported ``now``.
    static func input(
        _ verdicts: [CheckVerdict] = [verdict(.proven)],
        facts: Facts = SampleDevice.facts(),
        agent: String = "postured/0.1.0",
        age: Int64 = 0,
        record: DeviceRecord = record()
    ) -> ScoringInput {
        let report = verified(verdicts, facts: facts, agent: agent)
        return ScoringInput(record, report: report, receivedAt: now, age: age)
    }

    // MARK: What the store keeps

    /// The record of device 1, which holds its serial number by its word alone.
    static func record(
        serial holder: SerialHolder = .thisDevice,
        tags: Set<DeviceTag> = [],
        blocks: [Block] = [],
        cloneAlarmSince: Timestamp? = nil,
        waivers: [Waiver] = [],
        failingSince: [String: Timestamp] = [:]
    ) -> DeviceRecord {
        var record = DeviceRecord(
            device: device(1),
            key: .ec(curve: .p256, x: [UInt8](repeating: 1, count: 32), y: [UInt8](repeating: 2, count: 32)),
            registeredAt: now.adding(seconds: -86_400),
            registeredBy: .token(hash: "hash")
        )
        record.hold(holder)
        record.tags = tags
        record.blocks = blocks
        if let cloneAlarmSince { record.raiseCloneAlarm(since: cloneAlarmSince) }
        record.waivers = waivers
        record.failingSince = failingSince
        return record
    }

    /// A waiver that counts from an hour before ``now``.
    static func waiver(
        _ rule: String,
        from start: Timestamp = now.adding(seconds: -3600),
        until end: Timestamp = tomorrow,
        reason: String = "r"
    ) -> Waiver {
        Waiver(
            device: device(1),
            rule: rule,
            expiresAt: end,
            reason: reason,
            createdBy: "anna",
            createdAt: start
        )
    }

    static func block(of number: UInt8 = 1, reason: String = "stolen") -> Block {
        Block(
            kind: .serial,
            value: "pf0fake1",
            device: device(number),
            reason: reason,
            createdBy: "anna",
            createdAt: now
        )
    }
}

extension DeviceRecord {
    /// Makes this device, another one or nobody the holder of the serial number `pf0fake1`, which the device reports.
    mutating func hold(_ holder: SerialHolder) {
        serial = holder == .noSerial ? nil : "pf0fake1"
        (claims, inventory) = ([], nil)
        guard holder != .noSerial, let identifier = Identifier(.serial, "PF0FAKE1") else { return }
        if holder == .contradicted {
            inventory = InventoryItem(serial: "pf0fake1", certificateName: "another", tag: nil)
        }
        func claim(_ device: DeviceID, _ strength: ClaimStrength) -> Claim {
            Claim(identifier: identifier, device: device, strength: strength, since: Sample.now)
        }
        let rival = Rival(claim: claim(Sample.device(2), .carried), lastReport: Sample.now)
        claims = [HeldClaim(claim(device, .reported), rivals: holder == .anotherDevice ? [rival] : [])]
    }

    mutating func raiseCloneAlarm(since: Timestamp) {
        notices = [IdentityNotice(.deviceKeyCopied, of: device, since: since)]
    }
}

extension Trust {
    /// The CAs that each check trusts, and nothing else.
    init(anchors: [String: Set<String>]) {
        self.init(checks: anchors.mapValues { Check(anchors: $0) })
    }
}

extension Policy {
    /// The standard policy with these rules and no others.
    init(_ rules: [Rule.Name: Rule], groups: [Group] = []) {
        self = .standard
        (self.rules, self.groups) = (rules, groups)
    }
}

extension Evaluation {
    /// What one rule came to.
    subscript(name: Rule.Name) -> RuleEvaluation? { rules.first { $0.name == name } }

    /// The sentence of one rule.
    func reason(_ name: Rule.Name) -> String? { score.rules.first { $0.rule == name.rawValue }?.reason }

    /// What to do about one rule.
    func advice(_ name: Rule.Name) -> String? { score.rules.first { $0.rule == name.rawValue }?.advice }
}
