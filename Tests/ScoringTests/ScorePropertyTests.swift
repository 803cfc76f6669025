import PostureModel
import ScorerModel
import TestSupport
import Testing

@testable import Scoring

@Suite("Of any report under any policy, the score")
struct ScorePropertyTests {
    /// The situations that the laws are tried on, with their scores.
    static let situations: [(situation: Situation, score: Evaluation)] = {
        var generator = SeededGenerator(seed: 1)
        return (0..<320).map { _ in Situation.random(&generator) }.map { ($0, $0.evaluation) }
    }()

    @Test("is from 0 to 100: what its rules give, or less where a gate is closed, or 0, each with the reason")
    func bounds() {
        for (situation, score) in Self.situations {
            #expect(situation.policy.problem == nil)
            let sum = score.rules.map(\.points).reduce(0, +)
            let gates = score.rules.filter { !$0.outcome.counts }.compactMap(\.rule.gate)
            #expect((0...100).contains(score.value) && score.value <= sum && gates.allSatisfy { score.value <= $0 })
            #expect(score.cap != nil || score.value == sum)
            #expect(score.rules.allSatisfy { (0...$0.rule.points).contains($0.points) })
            #expect(score.rules.allSatisfy { $0.outcome.counts || $0.points == 0 || $0.name == .reportFresh })
            #expect(score.value == 100 || score.reasonCode != nil)
            let sentences = score.score
            #expect((sentences.cap == nil) == (score.cap == nil) && sentences.rules.count == score.rules.count)
            #expect(sentences.rules.allSatisfy { !$0.reason.isEmpty && ($0.advice != nil || $0.outcome.counts) })
        }
    }

    typealias Change = @Sendable (inout Situation, inout SeededGenerator) -> Void

    static let worsenings: [Change] = [
        { situation, generator in situation.age += Int64.random(in: 0...50_000, using: &generator) },
        { situation, generator in situation.outage += Int64.random(in: 0...50_000, using: &generator) },
        { situation, _ in situation.serial = .observed(SerialNumber("Default string")) },
        { situation, _ in situation.record.hold(.anotherDevice) },
        { situation, _ in situation.record.hold(.contradicted) },
        { situation, _ in situation.record.blocks = [Sample.block()] },
        { situation, _ in situation.record.raiseCloneAlarm(since: Sample.now) },
        { situation, _ in situation.record.waivers = situation.record.waivers.dropLast(2) },
        { situation, _ in
            situation.record.failingSince = situation.record.failingSince.mapValues { $0.adding(seconds: -60_000) }
        },
        { situation, _ in situation.verdicts = situation.verdicts.dropLast() },
        { situation, _ in situation.anchors["of a later day"] = ["root"] },
        { situation, _ in for id in situation.anchors.keys { situation.anchors[id] = ["other root"] } },
        { situation, _ in for i in situation.verdicts.indices { situation.verdicts[i].holdsUntil = nil } },
        { situation, _ in
            situation.revoked = ["1"]; situation.crl = situation.crl ?? Sample.now
        },
        { situation, _ in situation.crl = Sample.now.adding(seconds: -400_000) },
        { situation, generator in
            for i in situation.verdicts.indices {
                situation.verdicts[i].level = min(generator.one(of: ProofLevel.allCases), situation.verdicts[i].level)
            }
        },
        { situation, _ in situation.agent = "postured/0.0.9" },
        { situation, _ in situation.osRelease = .observed(OSRelease(id: "debian", versionID: "9")) },
        { situation, _ in situation.posture.disks = .observed(["/": .yes, "*": .no]) },
        { situation, _ in situation.posture.secureBoot = .observed(.setup) },
        { situation, _ in situation.posture.firewallActive = .observed([:]) },
        { situation, _ in situation.posture.packagesUpdated = .observed(Sample.now.adding(seconds: -9_999_999)) },
        { situation, _ in situation.posture.warp = .observed(.disconnected) },
    ]

    @Test("is never higher for worse evidence", arguments: worsenings.indices)
    func monotony(worsening: Int) {
        never(higher: Self.worsenings[worsening])
    }

    static let blindnesses: [Change] = [
        { situation, _ in situation.serial = .unreadable(reason: "permission denied") },
        { situation, _ in situation.osRelease = .unreadable(reason: "permission denied") },
        { situation, _ in situation.agent = "" },
        { situation, _ in situation.posture.secureBoot = .unreadable(reason: "permission denied") },
        { situation, _ in situation.posture.disks = .observed(["/": .unknown]) },
        { situation, _ in situation.posture.accessControl = .observed(["apparmor": .unknown]) },
        { situation, _ in situation.posture.firewallActive = .observed(["ufw": .unknown]) },
        { situation, _ in situation.posture = Posture() },
    ]

    @Test("is never higher for what is not known, whatever was known before", arguments: blindnesses.indices)
    func unknown(blindness: Int) {
        never(higher: Self.blindnesses[blindness])
    }

    static let demands: [Change] = [
        { situation, generator in
            situation.eachRule { rule in
                if !rule.isWarning { rule.gate = min(rule.gate ?? 99, Int.random(in: 0...99, using: &generator)) }
            }
        },
        { situation, _ in situation.eachRule { $0.grace /= 2 } },
        { situation, _ in situation.eachRule { $0.passesWhereNotApplicable = false } },
        { situation, _ in situation.eachRule { $0.parameters.except = [] } },
        { situation, _ in situation.eachRule { $0.parameters.minimum = "0.3" } },
        { situation, _ in situation.eachRule { $0.parameters.within /= 2 } },
    ]

    @Test("is never higher for a policy that asks for more", arguments: demands.indices)
    func stricter(demand: Int) {
        never(higher: Self.demands[demand])
    }

    @Test("is the same whatever the order of its parts, and by the report's bytes that the store keeps")
    func determinism() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<100 {
            let situation = Situation.random(&generator, certificateGroups: true)
            let (score, failingSince) = (situation.evaluation.score, situation.failingSince)
            var shuffled = situation
            shuffled.verdicts.shuffle(using: &generator)
            shuffled.record.waivers.shuffle(using: &generator)
            shuffled.policy.rules = Dictionary(uniqueKeysWithValues: situation.policy.rules.shuffled(using: &generator))
            #expect(shuffled.evaluation.score == score)
            #expect(shuffled.failingSince == failingSince)
            let stored = try #require(try situation.stored())
            let again = situation.policy.evaluate(stored, trust: situation.trust, at: situation.now)
            #expect(again.score == score)
        }
    }

    @Test("is for a new report what it is once the times are kept since when its rules have been failing")
    func newReport() {
        for (situation, _) in Self.situations {
            for isFirst in [true, false] {
                let (policy, trust, now) = (situation.policy, situation.trust, situation.now)
                let new = policy.evaluate(newReport: situation.input, isFirst: isFirst, trust: trust, at: now)
                var kept = situation
                kept.record.failingSince = new.failingSince
                #expect(kept.evaluation.score == new.evaluation.score)
            }
        }
    }

    @Test("is no pass without the certificate for a device that is in no group, where it is none in the groups")
    func escape() {
        var generator = SeededGenerator(seed: 4)
        var escapes = 0
        for _ in 0..<500 {
            let situation = Situation.random(&generator, certificateGroups: true)
            #expect(situation.policy.problem == nil)
            var other = situation
            other.record.waivers = other.record.waivers.filter { $0.rule != "certificate_proven" }
            other.record.tags = []
            for i in other.verdicts.indices { other.verdicts[i].level = .none }
            guard other.evaluation.group != situation.evaluation.group else { continue }
            escapes += 1
            #expect(other.evaluation.value < other.policy.passMark)
        }
        #expect(escapes > 10)
    }

    @Test("has grace for what is failing, and what is failing has no points else")
    func failing() {
        for (situation, score) in Self.situations {
            let since = situation.failingSince
            #expect(since.allSatisfy { $0.value == situation.record.failingSince[$0.key] ?? Sample.now })
            let waivers = situation.record.waivers.filter {
                $0.createdAt <= situation.now && situation.now < $0.expiresAt
            }
            let expected = Set(score.rules.filter { $0.rule.counts && $0.outcome != .pass }.map(\.name.rawValue))
            let failing = Set(since.keys)
            #expect(failing.isSuperset(of: expected))
            #expect(failing.subtracting(expected).isSubset(of: waivers.map(\.rule)))
        }
    }

    private func never(higher change: Change) {
        var generator = SeededGenerator(seed: 2)
        var lower = 0
        for (situation, before) in Self.situations {
            var worse = situation
            change(&worse, &generator)
            let after = worse.evaluation
            #expect(after.value <= before.value, "\(situation) became \(worse)")
            if after.value < before.value { lower += 1 }
        }
        #expect(lower > 0, "the change makes no difference, and so shows nothing")
    }
}

extension Situation {
    fileprivate mutating func eachRule(_ change: (inout Rule) -> Void) {
        for name in Rule.Name.allCases {
            if var rule = policy.rules[name] {
                change(&rule)
                policy.rules[name] = rule
            }
            for index in policy.groups.indices {
                if var rule = policy.groups[index].rules[name] {
                    change(&rule)
                    policy.groups[index].rules[name] = rule
                }
            }
        }
    }
}
