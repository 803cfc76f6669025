import PostureModel
import Testing

@testable import Scoring

@Suite("A score")
struct ScoreTests {
    func score(
        _ verdicts: [CheckVerdict],
        facts: Facts = Sample.facts(),
        trust: Trust = Sample.trust,
        policy: Policy = .standard
    ) -> Score {
        policy.score(Sample.evidence(verdicts, facts: facts), trust: trust, at: Sample.now)
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
        #expect(score["certificate_proven"]?.points == proven)
        #expect(score["certificate_key_present"]?.points == keyPresent)
        #expect(score["certificate_present"]?.points == present)
        #expect(score.value == total)
        // Who shows another's certificate, which is public, does not pass.
        let gate = level == .keyPresent ? "at most 50 of 100 while certificate_proven does not pass" : nil
        #expect(score.cap == gate)
        #expect(score["certificate_proven"]?.reason == "as it was judged")
    }

    @Test("has its rules in the policy's order, with the points that each can give")
    func rules() {
        let rules = score([Sample.verdict(.proven)]).rules.filter { !$0.isWarning }
        let names = [
            "certificate_proven", "certificate_key_present", "certificate_present", "report_fresh", "serial_known",
        ]
        #expect(rules.map(\.rule) == names)
        #expect(rules.map(\.available) == [40, 10, 20, 20, 10])
    }

    @Test("leaves out a rule that the policy gives nothing for")
    func worthlessRule() {
        var policy = Policy.standard
        policy.rules[.serialKnown] = Rule()
        policy.rules[.reportFresh] = Rule(points: 30)
        let score = score([Sample.verdict(.proven)], policy: policy)
        #expect(score["serial_known"] == nil)
        #expect(score.value == 100)
    }

    @Test(
        "gives nothing for a serial number that is not known, and says why",
        arguments: [
            (.observed(SerialNumber("Default string")), "junk"), (.observed(SerialNumber("")), "empty"),
            (.unreadable(reason: "permission denied"), "permission denied"),
            (.notApplicable(reason: "no DMI on this board"), "no DMI on this board"),
        ] as [(Observation<SerialNumber>, String)]
    )
    func unknownSerial(serial: Observation<SerialNumber>, reason: String) {
        let score = score([Sample.verdict(.proven)], facts: Sample.facts(serial: serial))
        #expect(score["serial_known"]?.points == 0)
        #expect(score["serial_known"]?.reason.contains(reason) == true)
        #expect(score.value == 90)
    }

    @Test("does not depend on facts that no rule is about")
    func otherFacts() {
        let unreadable = Sample.facts(
            macs: .unreadable(reason: "no netlink"),
            kernelHostname: .unreadable(reason: "no"),
            staticHostname: .unreadable(reason: "no")
        )
        #expect(score([Sample.verdict(.proven)], facts: unreadable) == score([Sample.verdict(.proven)]))
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
        let reason = score["certificate_proven"]?.reason
        #expect(reason?.contains("corp: first") == (first < .proven || second == .proven))
        #expect(reason?.contains("vpn: second") == (second < .proven || first == .proven))
    }

    @Test("warns of what will soon be wrong, beside every reason of that check")
    func warning() {
        var soon = Sample.verdict(.keyPresent, id: "vpn", reason: "valid")
        soon.warning = "expires in 3 days: renew it"
        let one = score([soon], trust: Trust(anchors: ["vpn": ["root"]]))
        for rule in ["certificate_proven", "certificate_key_present", "certificate_present"] {
            #expect(one[rule]?.reason == "valid; expires in 3 days: renew it")
        }
        #expect(one.value == 50, "a warning costs nothing")
        let two = score([Sample.verdict(.proven), soon], trust: Trust(anchors: ["corp": ["root"], "vpn": ["root"]]))
        #expect(
            two["certificate_present"]?.reason
                == "corp: as it was judged; vpn: valid; expires in 3 days: renew it"
        )
    }

    @Test("gives nothing for certificates where the scorer asks for none")
    func noChecks() {
        let score = score([Sample.verdict(.proven)], trust: Trust(anchors: [:]))
        #expect(score.value == 30)
        #expect(score["certificate_proven"]?.reason == "the scorer has no certificate check")
    }

    @Test("does not count a check that the scorer does not ask for")
    func foreignCheck() {
        let score = score([Sample.verdict(.none), Sample.verdict(.proven, id: "mine")])
        #expect(score.value == 30)
    }
}
