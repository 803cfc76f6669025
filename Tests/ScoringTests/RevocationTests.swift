import PostureModel
import Testing

@testable import Scoring

@Suite("A verdict whose certificate was revoked since")
struct RevocationTests {
    static let chain = [
        ChainLink(issuerKey: "issuing key", serialNumber: "1a"), ChainLink(issuerKey: "root key", serialNumber: "2b"),
    ]

    func score(
        _ revocations: [String: [KnownRevocations]],
        refusesUnknown: Bool = true,
        level: ProofLevel = .proven,
        at now: Timestamp = Sample.now
    ) -> Evaluation {
        let check = Trust.Check(anchors: ["root"], revocations: revocations, refusesUnknown: refusesUnknown)
        let verdict = Sample.verdict(level, chain: Self.chain)
        let input = ScoringInput(Sample.record(), report: Sample.verified([verdict]), receivedAt: now, age: 0)
        return Policy.standard.evaluate(input, trust: Trust(checks: ["corp": check]), at: now)
    }

    func verdict(_ revocations: [String: [KnownRevocations]], refusesUnknown: Bool = true) -> CheckVerdict? {
        let check = Trust.Check(anchors: ["root"], revocations: revocations, refusesUnknown: refusesUnknown)
        let report = Sample.verified([Sample.verdict(.proven, chain: Self.chain)])
        return Trust(checks: ["corp": check]).verdicts(of: report, at: Sample.now).first
    }

    @Test(
        "is worth nothing, whatever it proved and however the check takes what is unknown",
        arguments: [ProofLevel.proven, .keyPresent, .certificateOnly],
        [true, false]
    )
    func revoked(level: ProofLevel, refusesUnknown: Bool) {
        let score = score(
            ["issuing key": [Sample.revocations(["ff", "1a"])]],
            refusesUnknown: refusesUnknown,
            level: level
        )
        #expect(score.value == 30)
        #expect(
            score.reason(.certificatePresent)
                == "the certificate with the serial number 1a was revoked by CN=Issuing: issue a new one"
        )
    }

    @Test("is worth nothing where it was a CA above that was revoked")
    func revokedCA() {
        let score = score(["root key": [Sample.revocations(["2b"], issuer: "CN=Root")]])
        #expect(score.value == 30)
        #expect(
            score.reason(.certificateProven)
                == "the CA's certificate with the serial number 2b was revoked by CN=Root: issue a new one"
        )
    }

    @Test("has the code for it, and keeps what it says of the machine")
    func code() {
        let verdict = verdict(["issuing key": [Sample.revocations(["1a"])]])
        #expect(verdict?.level == ProofLevel.none && verdict?.code == "revoked")
        #expect(verdict?.anchor == "root" && verdict?.chain == Self.chain)
    }

    @Test("is another's where another issuer revoked that number, or the issuer another number")
    func others() {
        #expect(score(["another key": [Sample.revocations(["1a"])]]).value == 100)
        #expect(score(["root key": [Sample.revocations(["1a"])]]).value == 100)
        #expect(score(["issuing key": [Sample.revocations(["2b", "1", "1A", "01a"])]]).value == 100)
    }

    static let late: [(thisUpdate: Int64?, nextUpdate: Int64?, why: String)] = [
        (-3600, -1, "was good until"), (-3600, 0, "was good until"), (1, 3600, "is good only from"),
        (-3600, nil, "lacks a time or the number"), (nil, 3600, "lacks a time or the number"),
    ]

    @Test(
        "is not known to be revoked or not where the CRL is not of now: with hard failure it is worth nothing",
        arguments: late
    )
    func outOfDate(thisUpdate: Int64?, nextUpdate: Int64?, why: String) {
        let list = Sample.revocations(
            [],
            thisUpdate: thisUpdate.map(Sample.now.adding(seconds:)),
            nextUpdate: nextUpdate.map(Sample.now.adding(seconds:))
        )
        #expect(score(["issuing key": [list]]).value == 30)
        #expect(score(["root key": [list]]).value == 30)
        #expect(score(["another key": [list]]).value == 100)
        #expect(score(["issuing key": [list]], refusesUnknown: false).value == 100, "soft")
        let verdict = verdict(["issuing key": [list]])
        #expect(verdict?.code == "revocation_unknown")
        #expect(
            verdict?.reason.contains(why) == true && verdict?.reason.contains("provide a CRL of CN=Issuing") == true
        )
    }

    @Test("is revoked by a CRL that is out of date, too", arguments: [true, false])
    func lateAndRevoked(refusesUnknown: Bool) {
        let list = Sample.revocations(["1a"], nextUpdate: Sample.now.adding(seconds: -1))
        #expect(verdict(["issuing key": [list]], refusesUnknown: refusesUnknown)?.code == "revoked")
    }

    @Test("is judged by the newest CRL of several that are current, as where a hold was lifted")
    func newest() {
        let older = Sample.revocations(["1a"], thisUpdate: Sample.now.adding(seconds: -7200))
        let newer = Sample.revocations([])
        let future = Sample.revocations(["1a"], thisUpdate: Sample.now.adding(seconds: 60))
        let late = Sample.revocations(["1a"], nextUpdate: Sample.now.adding(seconds: -60))
        for lists in [[older, newer], [newer, older], [newer, future], [late, newer]] {
            #expect(score(["issuing key": lists]).value == 100)
        }
        #expect(score(["issuing key": [newer, Sample.revocations(["1a"], thisUpdate: Sample.now)]]).value == 30)
    }

    @Test("holds until the second in which the next CRL is due, and not in it")
    func untilTheEnd() {
        let list = Sample.revocations([])
        let end = Sample.now.adding(seconds: 3600)
        #expect(score(["issuing key": [list]], at: end.adding(seconds: -1)).value == 100)
        #expect(score(["issuing key": [list]], at: end).value == 30)
    }
}
