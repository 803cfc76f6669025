import PostureModel
import TestSupport
import Testing

@testable import Scoring

@Suite("An explanation")
struct ExplanationTests {
    /// Every rule, and a device that passes none of them.
    static func worst(_ text: String) -> Score {
        var rules: [Rule.Name: Rule] = [:]
        for name in Rule.Name.allCases { rules[name] = Rule(points: 5, gate: 50, grace: 1) }
        rules[.osSupported]?.parameters.systems = [text: "1"]
        var posture = Posture.unreadable(text)
        posture.disks = .observed(Dictionary(uniqueKeysWithValues: (0..<9).map { ("\($0)\(text)", .no) }))
        posture.firewallActive = .observed(Dictionary(uniqueKeysWithValues: (0..<9).map { ("\($0)\(text)", .failed) }))
        let facts = SampleDevice.facts(
            serial: .unreadable(reason: text),
            osRelease: .observed(OSRelease(id: text, versionID: text, prettyName: text)),
            posture: posture
        )
        let input = Sample.input(
            [Sample.verdict(.none, reason: text)],
            facts: facts,
            agent: text,
            age: 100_000,
            record: Sample.record(blocks: [Sample.block(reason: text)])
        )
        return Policy(rules).evaluate(input, trust: Sample.trust, at: Sample.now.adding(seconds: 100_000)).score
    }

    @Test(
        "of a device that passes nothing is less than 900 bytes a rule, whatever the device says",
        arguments: ["no", String(repeating: "long ", count: 2000), String(repeating: "\"", count: 9000)]
    )
    func size(text: String) throws {
        let score = Self.worst(text)
        #expect(score.rules.count == Rule.Name.allCases.count)
        #expect(score.rules.allSatisfy { !$0.outcome.counts && $0.advice != nil })
        #expect(try Wire.encode(score).count < 900 * score.rules.count)
    }
}
