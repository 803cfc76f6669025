@_spi(Verifying) import PostureModel

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

    static func mac(_ text: String) -> MACAddress {
        let octets = text.split(separator: ":").compactMap { UInt8($0, radix: 16) }
        guard let mac = MACAddress(octets: octets, interface: "eth0", source: .permanent) else {
            preconditionFailure("\(text) is an address")
        }
        return mac
    }

    static func facts(
        serial: Observation<SerialNumber> = .observed(SerialNumber("PF0FAKE1")),
        macs: Observation<[MACAddress]> = .observed([mac("74:1d:3e:23:e0:fe")]),
        kernelHostname: Observation<String> = .observed("laptop-1"),
        staticHostname: Observation<String> = .observed("laptop-1"),
        osRelease: Observation<OSRelease> = .observed(OSRelease(id: "debian")),
        posture: Posture = Posture()
    ) -> Facts {
        Facts(
            serials: SerialNumbers(
                product: serial,
                board: .unreadable(reason: "permission denied"),
                chassis: .notApplicable(reason: "no chassis")
            ),
            macs: macs,
            kernelHostname: kernelHostname,
            staticHostname: staticHostname,
            warpIPv4: .notApplicable(reason: "no interface CloudflareWARP"),
            osRelease: osRelease,
            kernelRelease: .observed("6.1.0"),
            machineID: .unreadable(reason: "permission denied"),
            bootID: .unreadable(reason: "permission denied"),
            posture: posture
        )
    }

    static func report(
        _ number: UInt8 = 1,
        facts: Facts = facts(),
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
            warpIDs: warpIDs,
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

    static func verified(_ verdicts: [CheckVerdict], facts: Facts = facts(), agent: String = "postured/0.1.0")
        -> VerifiedReport
    {
        VerifiedReport(report: report(facts: facts, agent: agent), checks: verdicts, nonceIssuedAt: now)
    }

    /// What is known of a device that reported ``now``.
    static func evidence(
        _ verdicts: [CheckVerdict] = [verdict(.proven)],
        facts: Facts = facts(),
        agent: String = "postured/0.1.0",
        age: Int64 = 0,
        standing: Standing = Standing()
    ) -> Evidence {
        let report = verified(verdicts, facts: facts, agent: agent)
        return Evidence(report: report, receivedAt: now, age: age, standing: standing)
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

extension Score {
    /// The result of one rule.
    subscript(rule: String) -> RuleResult? { rules.first { $0.rule == rule } }
}

/// A generator whose numbers are the same in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
