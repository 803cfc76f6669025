import PostureModel
import Scoring
import Testing

@Suite("A verdict that was good once")
struct TrustTests {
    func score(_ verdicts: [CheckVerdict], trust: Trust = Sample.trust, at now: Timestamp = Sample.now) -> Score {
        Policy.standard.score(Sample.verified(verdicts), receivedAt: now, trust: trust, at: now)
    }

    static let untrusting = [
        ["corp": Set(["another root"])], ["corp": []], ["corp": ["root of another check"], "vpn": ["root"]],
    ]

    @Test("is worth nothing once its CA is not trusted for this very check", arguments: untrusting)
    func distrusted(anchors: [String: Set<String>]) {
        let score = score([Sample.verdict(.proven)], trust: Trust(anchors: anchors))
        #expect(score.value == 30)
        #expect(score["certificate_present"]?.reason.contains("not trusted any more") == true)
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
        #expect(after["certificate_proven"]?.reason.contains("expired at \(end)") == true)
    }

    @Test("is missing for a check that was made after the report, and that check is not passed")
    func newCheck() {
        let trust = Trust(anchors: ["corp": ["root"], "new": ["root"]])
        let score = score([Sample.verdict(.proven)], trust: trust)
        #expect(score.value == 30)
        #expect(score["certificate_present"]?.reason == "new: the newest report is from before this check was made")
    }

    @Test("keeps its own reason where it was bad already")
    func badAlready() {
        let verdict = Sample.verdict(.none, reason: "the certificate expired", anchor: nil, holdsUntil: nil)
        #expect(score([verdict])["certificate_present"]?.reason == "the certificate expired")
    }
}
