import PostureModel
import Testing

@testable import Scoring

@Suite("A verdict that was good once")
struct TrustTests {
    func score(_ verdicts: [CheckVerdict], trust: Trust = Sample.trust, at now: Timestamp = Sample.now) -> Evaluation {
        let input = ScoringInput(Sample.record(), report: Sample.verified(verdicts), receivedAt: now, age: 0)
        return Policy.standard.evaluate(input, trust: trust, at: now)
    }

    static let untrusting = [
        ["corp": Set(["another root"])], ["corp": []], ["corp": ["root of another check"], "vpn": ["root"]],
    ]

    @Test("is worth nothing once its CA is not trusted for this very check", arguments: untrusting)
    func distrusted(anchors: [String: Set<String>]) {
        let score = score([Sample.verdict(.proven)], trust: Trust(anchors: anchors))
        #expect(score.value == 30)
        #expect(score[.certificatePresent]?.outcome == .fail && score.reasonCode == .certificate)
        let verdict = Trust(anchors: anchors).verdicts(of: Sample.verified([Sample.verdict(.proven)]), at: Sample.now)
            .first { $0.id == "corp" }
        #expect(verdict?.code == "untrusted_issuer" && verdict?.level == ProofLevel.none)
    }

    @Test("is worth nothing without a CA or without an end")
    func incomplete() {
        #expect(score([Sample.verdict(.proven, anchor: nil)]).value == 30)
        #expect(score([Sample.verdict(.proven, holdsUntil: nil)]).value == 30)
    }

    @Test("holds in the last second of its chain, and not a moment later")
    func expiry() {
        let end = Sample.now.adding(seconds: 60)
        let verdict = Sample.verdict(.proven, holdsUntil: end)
        #expect(score([verdict], at: end).value == 100)
        let after = score([verdict], at: Timestamp(microseconds: end.microseconds + 1))
        #expect(after.value == 30)
        let verdicts = Sample.trust.verdicts(of: Sample.verified([verdict]), at: end.adding(seconds: 1))
        #expect(verdicts.map(\.code) == ["expired"])
        #expect(after.reason(.certificateProven)?.contains("expired at \(end)") == true)
    }

    @Test("is missing for a check that was made after the report, and that check is not passed")
    func newCheck() {
        let trust = Trust(anchors: ["corp": ["root"], "new": ["root"]])
        let score = score([Sample.verdict(.proven)], trust: trust)
        #expect(score.value == 30)
        #expect(score.reason(.certificatePresent) == "new: the newest report is from before this check was made")
    }

    @Test("keeps its own reason where it was bad already")
    func badAlready() {
        let verdict = Sample.verdict(.none, reason: "the certificate expired", anchor: nil, holdsUntil: nil)
        #expect(score([verdict]).reason(.certificatePresent) == "the certificate expired")
    }

    static let id = "2458ce5a-0c35-4c7f-82c7-8e9487d3ff60"
    static let absence = "\(id) is not among the trusted CAs: it was removed, or never added: posture-scorer ca list"

    @Test(
        "fails with the name of the CA that is gone where the check has no other, whatever it said",
        arguments: [ProofLevel.proven, .keyPresent, .certificateOnly, .none]
    )
    func noCAs(level: ProofLevel) {
        let trust = Trust(checks: ["corp": .init(anchors: [], missing: [Self.id])])
        let score = score([Sample.verdict(level)], trust: trust)
        #expect(score.value == 30)
        #expect(score.reason(.certificatePresent) == Self.absence)
        #expect(self.score([], trust: trust).reason(.certificatePresent) == Self.absence)
    }

    @Test("by a CA that is still there holds, though the check names another that is gone")
    func oneOfTwo() {
        let trust = Trust(checks: ["corp": .init(anchors: ["root"], missing: [Self.id])])
        #expect(score([Sample.verdict(.proven)], trust: trust).value == 100)
        let other = score([Sample.verdict(.proven, anchor: "removed root")], trust: trust)
        #expect(other.value == 30)
        #expect(other.reason(.certificatePresent)?.hasSuffix(Self.absence) == true)
    }

    @Test(
        "that found no trusted end says so, and which CA is missing",
        arguments: ["issuer_unknown", "untrusted_issuer"]
    )
    func endless(code: String) {
        let trust = Trust(checks: ["corp": .init(anchors: ["root"], missing: [Self.id, "another"])])
        var verdict = Sample.verdict(.none, reason: "it ends nowhere", anchor: nil, holdsUntil: nil)
        verdict.code = code
        let reason = score([verdict], trust: trust).reason(.certificatePresent)
        #expect(reason?.hasPrefix("it ends nowhere; \(Self.id) and another are not among the trusted CAs") == true)
        verdict.code = "wrong_name"
        #expect(score([verdict], trust: trust).reason(.certificatePresent) == "it ends nowhere")
    }

    @Test("is shown as it counts now, in the order of the checks' ids, with codes that tell why")
    func verdicts() {
        let trust = Trust(anchors: ["corp": ["root"], "new": ["root"], "a": ["other"], "late": ["root"]])
        let report = Sample.verified([
            Sample.verdict(.proven), Sample.verdict(.proven, id: "a"), Sample.verdict(.proven, id: "not asked for"),
            Sample.verdict(.keyPresent, id: "late", holdsUntil: Sample.now.adding(seconds: -1)),
        ])
        let verdicts = trust.verdicts(of: report, at: Sample.now)
        #expect(verdicts.map(\.id) == ["a", "corp", "late", "new"])
        #expect(verdicts.map(\.level) == [.none, .proven, .none, .none])
        #expect(verdicts.map(\.code) == ["untrusted_issuer", nil, "expired", nil])
    }
}
