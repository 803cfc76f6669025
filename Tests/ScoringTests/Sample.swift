@_spi(Verifying) import PostureModel
import Scoring

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
        staticHostname: Observation<String> = .observed("laptop-1")
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
            osRelease: .observed(OSRelease(id: "debian")),
            kernelRelease: .observed("6.1.0"),
            machineID: .unreadable(reason: "permission denied"),
            bootID: .unreadable(reason: "permission denied")
        )
    }

    static func report(_ number: UInt8 = 1, facts: Facts = facts(), warpIDs: [String] = []) -> Report {
        Report(
            device: device(number),
            audience: "https://scorer.example.test",
            agent: "postured/test",
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
        holdsUntil: Timestamp? = tomorrow
    ) -> CheckVerdict {
        CheckVerdict(id: id, level: level, reason: reason, anchor: anchor, chain: chain, holdsUntil: holdsUntil)
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

    static func verified(_ verdicts: [CheckVerdict], facts: Facts = facts()) -> VerifiedReport {
        VerifiedReport(report: report(facts: facts), checks: verdicts, nonceIssuedAt: now)
    }
}

extension Trust {
    /// The CAs that each check trusts, and nothing else.
    init(anchors: [String: Set<String>]) {
        self.init(checks: anchors.mapValues { Check(anchors: $0) })
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
