import PostureModel
import TestSupport
import Testing

@testable import Scoring

@Suite("A score")
struct ScoreTests {
    func score(
        _ verdicts: [CheckVerdict],
        facts: Facts = SampleDevice.facts(),
        trust: Trust = Sample.trust,
        policy: Policy = .standard
    ) -> Evaluation {
        policy.evaluate(Sample.input(verdicts, facts: facts), trust: trust, at: Sample.now)
    }

    @Test(
        "gives the certificate's points by how far it is proven",
        arguments: [
            (ProofLevel.proven, 40, 10, 20, 100), (.keyPresent, 0, 10, 20, 50), (.certificateOnly, 0, 0, 20, 50),
            (.none, 0, 0, 0, 30),
        ]
    )
    func levels(level: ProofLevel, proven: Int, keyPresent: Int, present: Int, total: Int) {
        let score = score([Sample.verdict(level)])
        #expect(score[.certificateProven]?.points == proven)
        #expect(score[.certificateKeyPresent]?.points == keyPresent)
        #expect(score[.certificatePresent]?.points == present)
        #expect(score.value == total)
        // Who shows another's certificate, which is public, does not pass.
        #expect(score.cap == (level == .keyPresent ? .gate(.certificateProven, limit: 50) : nil))
        #expect(score.reason(.certificateProven) == "as it was judged")
    }

    @Test("has its rules in the policy's order, with the points that each can give")
    func rules() {
        let rules = score([Sample.verdict(.proven)]).rules.filter { $0.rule.counts }
        #expect(
            rules.map(\.name)
                == [.certificateProven, .certificateKeyPresent, .certificatePresent, .reportFresh, .serialKnown]
        )
        #expect(rules.map(\.rule.points) == [40, 10, 20, 20, 10])
    }

    @Test("leaves out a rule that the policy gives nothing for")
    func worthlessRule() {
        var policy = Policy.standard
        policy.rules[.serialKnown] = Rule()
        policy.rules[.reportFresh] = Rule(points: 30)
        let score = score([Sample.verdict(.proven)], policy: policy)
        #expect(score[.serialKnown] == nil)
        #expect(score.value == 100)
    }

    @Test(
        "gives nothing for a serial number that is not known, and says why",
        arguments: [
            (.observed(SerialNumber("Default string")), .fail, "junk"), (.observed(SerialNumber("")), .fail, "empty"),
            (.unreadable(reason: "permission denied"), .unknown, "permission denied"),
            (.notApplicable(reason: "no DMI on this board"), .notApplicable, "no DMI on this board"),
        ] as [(Observation<SerialNumber>, RuleOutcome, String)]
    )
    func unknownSerial(serial: Observation<SerialNumber>, outcome: RuleOutcome, reason: String) {
        let score = score([Sample.verdict(.proven)], facts: SampleDevice.facts(serial: serial))
        #expect(score[.serialKnown]?.points == 0 && score[.serialKnown]?.outcome == outcome)
        #expect(score.reason(.serialKnown)?.contains(reason) == true)
        #expect(score.value == 90)
    }

    @Test("does not depend on facts that no rule is about")
    func otherFacts() {
        let unreadable = SampleDevice.facts(
            macs: .unreadable(reason: "no netlink"),
            kernelHostname: .unreadable(reason: "no"),
            staticHostname: .unreadable(reason: "no")
        )
        #expect(score([Sample.verdict(.proven)], facts: unreadable).score == score([Sample.verdict(.proven)]).score)
    }

    @Test(
        "takes the weakest of several checks",
        arguments: [
            (ProofLevel.proven, ProofLevel.proven, 100), (.proven, .keyPresent, 50), (.certificateOnly, .proven, 50),
            (.certificateOnly, .keyPresent, 50), (.proven, .none, 30), (.none, .none, 30),
        ]
    )
    func weakest(first: ProofLevel, second: ProofLevel, total: Int) {
        let trust = Trust(anchors: ["corp": ["root"], "vpn": ["root"]])
        let verdicts = [
            Sample.verdict(first, reason: "first"), Sample.verdict(second, id: "vpn", reason: "second"),
        ]
        let score = score(verdicts, trust: trust)
        #expect(score.value == total)
        let reason = score.reason(.certificateProven)
        #expect(reason?.contains("corp: first") == (first < .proven || second == .proven))
        #expect(reason?.contains("vpn: second") == (second < .proven || first == .proven))
    }

    @Test("warns of what will soon be wrong, beside every reason of that check")
    func warning() {
        var soon = Sample.verdict(.keyPresent, id: "vpn", reason: "valid")
        soon.warning = "expires in 3 days: renew it"
        let one = score([soon], trust: Trust(anchors: ["vpn": ["root"]]))
        for rule in [Rule.Name.certificateProven, .certificateKeyPresent, .certificatePresent] {
            #expect(one.reason(rule) == "valid; expires in 3 days: renew it")
        }
        #expect(one.value == 50, "a warning costs nothing")
        let two = score([Sample.verdict(.proven), soon], trust: Trust(anchors: ["corp": ["root"], "vpn": ["root"]]))
        #expect(
            two.reason(.certificatePresent)
                == "corp: as it was judged; vpn: valid; expires in 3 days: renew it"
        )
    }

    @Test("gives nothing for certificates where the scorer asks for none")
    func noChecks() {
        let score = score([Sample.verdict(.proven)], trust: Trust(anchors: [:]))
        #expect(score.value == 30)
        #expect(score.reason(.certificateProven) == "the scorer has no certificate check")
    }

    @Test("does not count a check that the scorer does not ask for")
    func foreignCheck() {
        let score = score([Sample.verdict(.none), Sample.verdict(.proven, id: "mine")])
        #expect(score.value == 30)
    }
}
