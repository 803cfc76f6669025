import PostureModel
import Scoring
import Testing

@Suite("Of any report, the score")
struct ScorePropertyTests {
    /// Everything that a score depends on.
    struct Situation {
        var policy: Policy
        var verdicts: [CheckVerdict]
        var serial: Observation<SerialNumber>
        var anchors: [String: Set<String>]
        /// The serial numbers that the one issuer of all has revoked.
        var revoked: Set<String> = []
        /// Until when its CRL is good; nil where there is none.
        var crl: Timestamp?
        var age: Int64

        var revocations: [String: [KnownRevocations]] {
            guard let crl else { return [:] }
            let start = Sample.now.adding(seconds: -1000)
            return ["key": [Sample.revocations(revoked, thisUpdate: start, nextUpdate: crl)]]
        }

        var score: Score {
            policy.score(
                Sample.verified(verdicts, facts: Sample.facts(serial: serial)),
                receivedAt: Sample.now,
                trust: Trust(checks: anchors.mapValues { Trust.Check(anchors: $0, revocations: revocations) }),
                at: Sample.now.adding(seconds: age)
            )
        }
    }

    private static let link = ChainLink(issuerKey: "key", serialNumber: "1")

    static func policy(_ generator: inout SeededGenerator) -> Policy {
        var policy = Policy.standard
        let cuts = (0..<4).map { _ in Int.random(in: 0...100, using: &generator) }.sorted()
        policy.points.certificateProven = cuts[0]
        policy.points.certificateKeyPresent = cuts[1] - cuts[0]
        policy.points.certificatePresent = cuts[2] - cuts[1]
        policy.points.reportFresh = cuts[3] - cuts[2]
        policy.points.serialKnown = 100 - cuts[3]
        policy.freshness.fullFor = Int64.random(in: 0...7200, using: &generator)
        policy.freshness.nothingAfter = policy.freshness.fullFor + Int64.random(in: 1...100_000, using: &generator)
        return policy
    }

    static func situation(_ generator: inout SeededGenerator) -> Situation {
        let names = ["a", "b", "c"].prefix(Int.random(in: 0...3, using: &generator))
        let serials: [Observation<SerialNumber>] = [
            .observed(SerialNumber("PF0FAKE1")), .observed(SerialNumber("None")), .unreadable(reason: "no"),
            .notApplicable(reason: "no"),
        ]
        return Situation(
            policy: policy(&generator),
            verdicts: names.map { name in
                Sample.verdict(
                    ProofLevel.allCases.randomElement(using: &generator) ?? .none,
                    id: name,
                    anchor: ["root", "root", "root", "other", nil].randomElement(using: &generator) ?? nil,
                    chain: Bool.random(using: &generator) ? [link] : [],
                    holdsUntil: Sample.now.adding(seconds: Int64.random(in: -10...300_000, using: &generator))
                )
            },
            serial: serials.randomElement(using: &generator) ?? serials[0],
            anchors: Dictionary(uniqueKeysWithValues: names.map { ($0, ["root"]) }),
            crl: Bool.random(using: &generator) ? Sample.now.adding(seconds: 50_000) : nil,
            age: Int64.random(in: -100...120_000, using: &generator)
        )
    }

    static let worsenings: [@Sendable (inout Situation, inout SeededGenerator) -> Void] = [
        { situation, generator in situation.age += Int64.random(in: 0...50_000, using: &generator) },
        { situation, _ in situation.serial = .unreadable(reason: "permission denied") },
        { situation, _ in situation.serial = .observed(SerialNumber("Default string")) },
        { situation, _ in situation.verdicts = situation.verdicts.dropLast() },
        { situation, _ in situation.anchors["of a later day"] = ["root"] },
        { situation, _ in for id in situation.anchors.keys { situation.anchors[id] = ["other root"] } },
        { situation, _ in for i in situation.verdicts.indices { situation.verdicts[i].holdsUntil = nil } },
        { situation, _ in
            situation.revoked = ["1"]; situation.crl = situation.crl ?? Sample.now
        },
        { situation, _ in situation.crl = Sample.now.adding(seconds: -200_000) },
        { situation, generator in
            for i in situation.verdicts.indices {
                let level = ProofLevel.allCases.randomElement(using: &generator) ?? .none
                situation.verdicts[i].level = min(level, situation.verdicts[i].level)
            }
        },
    ]

    @Test("is from 0 to 100, and the sum of its rules, or 0 with the reason of it")
    func bounds() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<5000 {
            let situation = Self.situation(&generator)
            #expect(situation.policy.problem == nil)
            let score = situation.score
            #expect((0...100).contains(score.value))
            #expect(score.value == (score.cap == nil ? score.rules.map(\.points).reduce(0, +) : 0))
            #expect(score.rules.allSatisfy { (0...$0.available).contains($0.points) && !$0.reason.isEmpty })
        }
    }

    @Test("is never higher for worse evidence", arguments: worsenings.indices)
    func monotony(worsening: Int) {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<2000 {
            let situation = Self.situation(&generator)
            var worse = situation
            Self.worsenings[worsening](&worse, &generator)
            #expect(worse.score.value <= situation.score.value, "\(situation) became \(worse)")
        }
    }

    @Test("is the same for the same report, whatever the order of its checks")
    func determinism() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<1000 {
            let situation = Self.situation(&generator)
            var shuffled = situation
            shuffled.verdicts.shuffle(using: &generator)
            #expect(situation.score == situation.score)
            #expect(shuffled.score == situation.score)
        }
    }
}
