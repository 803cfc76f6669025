@_spi(Verifying) import PostureModel
import ScorerModel
import TestSupport

@testable import Scoring

/// Everything that a score depends on.
struct Situation {
    var policy: Policy
    var verdicts: [CheckVerdict]
    var serial: Observation<SerialNumber>
    var osRelease: Observation<OSRelease>
    var posture: Posture
    var agent: String
    var anchors: [String: Set<String>]
    /// The serial numbers that the one issuer of all has revoked.
    var revoked: Set<String> = []
    /// Until when its CRL is good; nil where there is none.
    var crl: Timestamp?
    /// Seconds in which the scorer was receiving, and in which it was not.
    var age: Int64
    var outage: Int64
    var record: DeviceRecord

    var now: Timestamp { Sample.now.adding(seconds: age + outage) }

    var trust: Trust {
        let start = Sample.now.adding(seconds: -1000)
        let lists = crl.map { ["key": [Sample.revocations(revoked, thisUpdate: start, nextUpdate: $0)]] } ?? [:]
        return Trust(checks: anchors.mapValues { Trust.Check(anchors: $0, revocations: lists) })
    }

    /// The input, with a report that was not decoded.
    var input: ScoringInput {
        let facts = SampleDevice.facts(serial: serial, osRelease: osRelease, posture: posture)
        return Sample.input(verdicts, facts: facts, agent: agent, age: age, record: record)
    }

    /// The input as it comes from the store, which keeps the bytes of the report.
    func stored() throws -> ScoringInput? {
        var record = record
        let report = input.report
        record.newest = StoredReport(
            payload: try Wire.encode(report.report),
            checks: report.checks,
            nonceIssuedAt: report.nonceIssuedAt,
            receivedAt: Sample.now
        )
        return try ScoringInput(record, age: age)
    }

    var evaluation: Evaluation { policy.evaluate(input, trust: trust, at: now) }

    /// Since when rules have been failing, if the report is new now.
    var failingSince: [String: Timestamp] {
        policy.evaluate(newReport: input, isFirst: false, trust: trust, at: now).failingSince
    }
}

// MARK: - Made up at random

extension Situation {
    static func random(_ generator: inout SeededGenerator, certificateGroups: Bool = false) -> Situation {
        let names = ["a", "b", "c"].prefix(Int.random(in: 0...3, using: &generator))
        let link = ChainLink(issuerKey: "key", serialNumber: "1")
        return Situation(
            policy: .random(&generator, certificateGroups: certificateGroups),
            verdicts: names.map { name in
                Sample.verdict(
                    generator.one(of: ProofLevel.allCases),
                    id: name,
                    anchor: generator.one(of: ["root", "root", "root", "other", nil]),
                    chain: Bool.random(using: &generator) ? [link] : [],
                    holdsUntil: Sample.now.adding(seconds: Int64.random(in: -10...300_000, using: &generator)),
                    commonName: generator.one(of: ["a.example.com", "b.example.org", nil])
                )
            },
            serial: generator.observation(SerialNumber("PF0FAKE1"), SerialNumber("None")),
            osRelease: generator.observation(OSRelease(id: "debian", versionID: "12"), OSRelease(id: "arch")),
            posture: .random(&generator),
            agent: generator.one(of: ["postured/0.1.0", "postured/0.2", "postured/x"]),
            anchors: Dictionary(uniqueKeysWithValues: names.map { ($0, ["root"]) }),
            crl: Bool.random(using: &generator) ? Sample.now.adding(seconds: 50_000) : nil,
            age: Int64.random(in: 0...120_000, using: &generator),
            outage: generator.one(of: [0, 0, 5000]),
            record: .random(&generator)
        )
    }
}

extension Policy {
    static func random(_ generator: inout SeededGenerator, certificateGroups: Bool = false) -> Policy {
        var policy = Policy.standard
        policy.freshness.freshFor = Int64.random(in: 0...7200, using: &generator)
        policy.freshness.staleAfter = policy.freshness.freshFor + Int64.random(in: 1...100_000, using: &generator)
        policy.passMark = Int.random(in: 30...100, using: &generator)
        policy.rules = rules(&generator)
        let groups = [Group(name: "x", tags: ["x"]), Group(name: "y", tags: ["y", "x"])]
        let named = Group(name: "z", tags: ["z"], certificateNames: ["*.example.com"])
        policy.groups = (certificateGroups ? [named] + groups : groups).map { group in
            var group = group
            group.rules = rules(&generator)
            for name in Rule.Name.allCases where group.rules[name] == nil { group.rules[name] = Rule() }
            return group
        }
        if certificateGroups {
            policy.rules[.certificateProven, default: Rule()].close(policy.passMark, &generator)
            for index in 1...2 {
                policy.groups[index].rules[.certificateProven, default: Rule()].close(policy.passMark, &generator)
            }
        }
        policy.closeEscapes()
        return policy
    }

    /// Gives the rules of devices in no group every gate of a group.
    private mutating func closeEscapes() {
        for (name, rule) in groups.flatMap(\.rules) {
            guard let gate = rule.gate else { continue }
            var own = rules[name] ?? Rule(parameters: rule.parameters)
            (own.gate, own.isWarning) = (min(own.gate ?? 99, gate), false)
            rules[name] = own
        }
    }

    /// Rules whose points sum to 100.
    private static func rules(_ generator: inout SeededGenerator) -> [Rule.Name: Rule] {
        let all = Rule.Name.allCases.shuffled(using: &generator)
        let names = all.prefix(Int.random(in: 1...all.count, using: &generator))
        let cuts = (names.dropFirst().map { _ in Int.random(in: 0...100, using: &generator) } + [0, 100]).sorted()
        var rules: [Rule.Name: Rule] = [:]
        for (name, (low, high)) in zip(names, zip(cuts, cuts.dropFirst())) {
            var rule = Rule(points: high - low)
            if Int.random(in: 0..<4, using: &generator) == 0 { rule.gate = Int.random(in: 0...99, using: &generator) }
            rule.isWarning = rule.points == 0 && rule.gate == nil
            rule.passesWhereNotApplicable = Bool.random(using: &generator)
            if name != .reportFresh, !rule.isWarning { rule.grace = generator.one(of: [0, 0, 3600, 100_000]) }
            rule.parameters.systems = ["debian": generator.one(of: ["12", "13"]), "arch": "any"]
            rule.parameters.within = Int64.random(in: 1...200_000, using: &generator)
            rules[name] = rule
        }
        return rules
    }
}

extension Rule {
    /// Nobody who does not pass it reaches the mark.
    fileprivate mutating func close(_ mark: Int, _ generator: inout SeededGenerator) {
        (gate, grace, isWarning) = (Int.random(in: 0..<mark, using: &generator), 0, false)
    }
}

extension DeviceRecord {
    static func random(_ generator: inout SeededGenerator) -> DeviceRecord {
        let names = Rule.Name.allCases.map(\.rawValue)
        func moment(_ generator: inout SeededGenerator, _ range: ClosedRange<Int64>) -> Timestamp {
            Sample.now.adding(seconds: Int64.random(in: range, using: &generator))
        }
        var record = Sample.record(
            tags: .random(&generator),
            blocks: generator.one(of: [[], [], [], [], [], [], [], [Sample.block(of: 2)]]),
            waivers: (0..<4).map { _ in
                Sample.waiver(
                    generator.one(of: names),
                    // Some were made by a clock that was set back since, and do not count yet.
                    from: moment(&generator, generator.one(of: [-50_000...0, -50_000...0, 900_000...1_000_000])),
                    until: moment(&generator, -50_000...200_000),
                    reason: "why"
                )
            },
            failingSince: Dictionary(
                uniqueKeysWithValues: names.filter { _ in Bool.random(using: &generator) }
                    .map { ($0, moment(&generator, -200_000...0)) }
            )
        )
        record.hold(generator.one(of: [.thisDevice, .thisDevice, .noSerial, .anotherDevice, .contradicted]))
        return record
    }
}

extension Set<DeviceTag> {
    /// Tags of operators and of certificates, or none.
    static func random(_ generator: inout SeededGenerator) -> Set<DeviceTag> {
        let tags = [
            DeviceTag("x", .operators), DeviceTag("y", .inventory(serial: "pf0fake1")), DeviceTag("other", .operators),
            DeviceTag("a.example.com", .certificate), DeviceTag("b.example.org", .certificate),
        ]
        return Set(tags.filter { _ in Int.random(in: 0..<3, using: &generator) == 0 })
    }
}

extension Posture {
    static func random(_ generator: inout SeededGenerator) -> Posture {
        var posture = Posture()
        posture.secureBoot = generator.observation(.enabled, .disabled)
        posture.tpm = generator.observation(.version2, .none)
        posture.disks = generator.observation(
            ["/": .yes, "/boot": .no],
            ["/": generator.one(of: [.no, .unknown]), "/home": .yes]
        )
        posture.swap = generator.observation(.encrypted, .unencrypted)
        posture.firewallEnabled = generator.observation(["ufw"], [])
        posture.firewallActive = generator.observation(["ufw": .active], ["ufw": .changing])
        posture.accessControl = generator.observation(["selinux": .enforcing], ["selinux": .permissive])
        posture.automaticUpdates = generator.observation(true, false)
        posture.packagesUpdated = generator.observation(
            Sample.now.adding(seconds: -50_000),
            Sample.now.adding(seconds: 90_000)
        )
        posture.rebootRequired = generator.observation(false, true)
        posture.warp = generator.observation(.connected, .stopped)
        return posture
    }
}

extension SeededGenerator {
    mutating func one<Value>(of values: [Value]) -> Value {
        values[Int.random(in: values.indices, using: &self)]
    }

    /// A good value most of the time, a bad one, or none.
    mutating func observation<Value>(_ good: Value, _ bad: Value) -> Observation<Value> {
        one(of: [
            .observed(good), .observed(good), .observed(bad), .unreadable(reason: "no"), .notApplicable(reason: "no"),
        ])
    }
}
