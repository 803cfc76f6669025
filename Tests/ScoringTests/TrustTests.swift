import PostureModel
import Testing

@testable import Scoring

extension Sample {
    /// A verdict on a certificate whose key signed the report.
    static func proof(
        _ level: ProofLevel = .proven,
        id: String = "corp",
        anchor: String? = "root",
        chain: [ChainLink] = [],
        holdsUntil: Timestamp? = tomorrow,
        code: String? = nil
    ) -> CheckVerdict {
        var verdict = verdict(level, id: id, anchor: anchor, chain: chain, holdsUntil: holdsUntil)
        (verdict.key, verdict.proves, verdict.code) = ("the leaf's key", true, code)
        return verdict
    }
}

@Suite("A verdict that was good once")
struct TrustTests {
    func verdict(_ verdict: CheckVerdict?, trust: Trust = Sample.trust, at now: Timestamp = Sample.now) -> CheckVerdict?
    {
        trust.verdicts(of: Sample.verified([verdict].compactMap(\.self)), at: now).first { $0.id == "corp" }
    }

    static let untrusting = [
        ["corp": Set(["another root"])], ["corp": []], ["corp": ["root of another check"], "vpn": ["root"]],
    ]

    @Test("is worth nothing, and proves nothing, once its CA is not trusted for this very check", arguments: untrusting)
    func distrusted(anchors: [String: Set<String>]) {
        for stored in [Sample.proof(), Sample.proof(.none, code: "expired"), Sample.proof(.keyPresent)] {
            let verdict = verdict(stored, trust: Trust(anchors: anchors))
            #expect(verdict?.code == "untrusted_issuer" && verdict?.level == ProofLevel.none)
            #expect(verdict?.proves == false)
        }
    }

    @Test("is worth nothing without a CA or without an end")
    func incomplete() {
        #expect(verdict(Sample.proof(anchor: nil))?.level == ProofLevel.none)
        #expect(verdict(Sample.proof(anchor: nil))?.proves == false)
        #expect(verdict(Sample.proof(holdsUntil: nil))?.level == ProofLevel.none)
    }

    @Test("holds in the last second of its chain, and not a moment later; it proves all the same")
    func expiry() {
        let end = Sample.now.adding(seconds: 60)
        let stored = Sample.proof(holdsUntil: end)
        #expect(verdict(stored, at: end) == stored)
        for now in [Timestamp(microseconds: end.microseconds + 1), end.adding(seconds: 31_536_000)] {
            let after = verdict(stored, at: now)
            #expect(after?.level == ProofLevel.none && after?.code == "expired")
            #expect(after?.reason.contains("expired at \(end)") == true)
            #expect(after?.proves == true && after?.key == stored.key)
        }
    }

    @Test("is missing for a check that was made after the report, and that check is not passed")
    func newCheck() {
        let trust = Trust(anchors: ["corp": ["root"], "new": ["root"]])
        let verdict = trust.verdicts(of: Sample.verified([Sample.proof()]), at: Sample.now).last
        #expect(verdict?.id == "new" && verdict?.level == ProofLevel.none && verdict?.proves == false)
        #expect(verdict?.reason == "the newest report is from before this check was made")
    }

    @Test("keeps its own reason where it was bad already, and what it proved by an expired certificate")
    func badAlready() {
        let bad = Sample.verdict(.none, reason: "the certificate expired", anchor: nil, holdsUntil: nil)
        #expect(verdict(bad) == bad)
        let expired = Sample.proof(.none, holdsUntil: Sample.now.adding(seconds: -1), code: "expired")
        #expect(verdict(expired) == expired)
        let unknown = Sample.proof(.none, code: "revocation_unknown")
        #expect(verdict(unknown) == unknown, "it gets no better")
    }

    static let id = "2458ce5a-0c35-4c7f-82c7-8e9487d3ff60"
    static let absence = "\(id) is not among the trusted CAs: it was removed, or never added: posture-scorer ca list"

    @Test(
        "fails with the name of the CA that is gone where the check has no other, whatever it said",
        arguments: [ProofLevel.proven, .keyPresent, .certificateOnly, .none]
    )
    func noCAs(level: ProofLevel) {
        let trust = Trust(checks: ["corp": .init(anchors: [], missing: [Self.id])])
        for stored in [Sample.proof(level), nil] {
            let verdict = verdict(stored, trust: trust)
            #expect(verdict?.level == ProofLevel.none && verdict?.proves == false)
            #expect(verdict?.reason == Self.absence)
        }
    }

    @Test("by a CA that is still there holds, though the check names another that is gone")
    func oneOfTwo() {
        let trust = Trust(checks: ["corp": .init(anchors: ["root"], missing: [Self.id])])
        #expect(verdict(Sample.proof(), trust: trust) == Sample.proof())
        let other = verdict(Sample.proof(anchor: "removed root"), trust: trust)
        #expect(other?.level == ProofLevel.none)
        #expect(other?.reason.hasSuffix(Self.absence) == true)
    }

    @Test(
        "that found no trusted end says so, and which CA is missing",
        arguments: ["issuer_unknown", "untrusted_issuer"]
    )
    func endless(code: String) {
        let trust = Trust(checks: ["corp": .init(anchors: ["root"], missing: [Self.id, "another"])])
        var stored = Sample.verdict(.none, reason: "it ends nowhere", anchor: nil, holdsUntil: nil)
        stored.code = code
        let reason = verdict(stored, trust: trust)?.reason
        #expect(reason?.hasPrefix("it ends nowhere; \(Self.id) and another are not among the trusted CAs") == true)
        stored.code = "wrong_name"
        #expect(verdict(stored, trust: trust)?.reason == "it ends nowhere")
    }

    @Test("is shown as it counts now, in the order of the checks' ids, with codes that tell why")
    func verdicts() {
        let trust = Trust(anchors: ["corp": ["root"], "new": ["root"], "a": ["other"], "late": ["root"]])
        let report = Sample.verified([
            Sample.proof(), Sample.proof(id: "a"), Sample.proof(id: "not asked for"),
            Sample.proof(.keyPresent, id: "late", holdsUntil: Sample.now.adding(seconds: -1)),
        ])
        let verdicts = trust.verdicts(of: report, at: Sample.now)
        #expect(verdicts.map(\.id) == ["a", "corp", "late", "new"])
        #expect(verdicts.map(\.level) == [.none, .proven, .none, .none])
        #expect(verdicts.map(\.code) == ["untrusted_issuer", nil, "expired", nil])
        #expect(verdicts.map(\.proves) == [false, true, true, false])
    }
}
