import PostureModel
import Testing

@testable import Scoring

@Suite("A verdict whose certificate was revoked since")
struct RevocationTests {
    static let chain = [
        ChainLink(issuerKey: "issuing key", serialNumber: "1a"), ChainLink(issuerKey: "root key", serialNumber: "2b"),
    ]

    func verdict(
        _ revocations: [String: [KnownRevocations]],
        of stored: CheckVerdict = Sample.proof(chain: chain),
        anchors: Set<String> = ["root"],
        refusesUnknown: Bool = true,
        at now: Timestamp = Sample.now,
        grace: Int64 = KnownRevocations.standardGrace
    ) -> CheckVerdict? {
        let check = Trust.Check(anchors: anchors, revocations: revocations, refusesUnknown: refusesUnknown)
        return Trust(checks: ["corp": check]).verdicts(of: Sample.verified([stored]), at: now, crlGrace: grace).first
    }

    func isRevoked(_ revocations: [String: [KnownRevocations]], at now: Timestamp = Sample.now) -> Bool {
        let codes = [true, false].map { verdict(revocations, refusesUnknown: $0, at: now)?.code == "revoked" }
        #expect(codes[0] == codes[1], "hard and soft")
        return codes[0]
    }

    @Test(
        "is worth nothing and proves nothing, whatever it proved and however the check takes what is unknown",
        arguments: [ProofLevel.proven, .keyPresent, .certificateOnly, .none],
        [true, false]
    )
    func revoked(level: ProofLevel, refusesUnknown: Bool) {
        let verdict = verdict(
            ["issuing key": [Sample.revocations(["ff", "1a"])]],
            of: Sample.proof(level, chain: Self.chain, code: level == .none ? "expired" : nil),
            refusesUnknown: refusesUnknown
        )
        #expect(verdict?.level == ProofLevel.none && verdict?.proves == false && verdict?.code == "revoked")
        #expect(
            verdict?.reason
                == "the certificate with the serial number 1a was revoked by CN=Issuing: issue a new one"
        )
        #expect(verdict?.anchor == "root" && verdict?.chain == Self.chain)
    }

    @Test("is worth nothing where it was a CA above that was revoked")
    func revokedCA() {
        let verdict = verdict(["root key": [Sample.revocations(["2b"], issuer: "CN=Root")]])
        #expect(verdict?.proves == false && verdict?.code == "revoked")
        #expect(
            verdict?.reason
                == "the CA's certificate with the serial number 2b was revoked by CN=Root: issue a new one"
        )
    }

    @Test("is revoked first, whatever else it is: expired, or of a CA that is not trusted any more")
    func first() {
        let lists = ["issuing key": [Sample.revocations(["1a"], nextUpdate: Sample.now.adding(seconds: -1))]]
        let old = Sample.proof(chain: Self.chain, holdsUntil: Sample.now.adding(seconds: -1))
        #expect(verdict(lists, of: old)?.code == "revoked")
        #expect(verdict(lists, anchors: ["another"])?.code == "revoked")
        #expect(verdict(lists, at: Sample.now.adding(seconds: 86_400 * 365))?.code == "revoked")
    }

    @Test("is another's where another issuer revoked that number, or the issuer another number")
    func others() {
        #expect(!isRevoked(["another key": [Sample.revocations(["1a"])]]))
        #expect(!isRevoked(["root key": [Sample.revocations(["1a"])]]))
        #expect(!isRevoked(["issuing key": [Sample.revocations(["2b", "1", "1A", "01a"])]]))
        #expect(isRevoked(["issuing key": [Sample.revocations(["1a"])]]))
    }

    @Test("is judged by the newest CRL, also where that is out of date and an older one is not")
    func newest() {
        let older = Sample.revocations(["1a"], thisUpdate: Sample.now.adding(seconds: -7200))
        let newer = Sample.revocations([])
        for lists in [[older, newer], [newer, older]] { #expect(!isRevoked(["issuing key": lists])) }
        let overdue = Sample.revocations(["1a"], nextUpdate: Sample.now.adding(seconds: -60))
        let current = Sample.revocations([], thisUpdate: Sample.now.adding(seconds: -7200))
        for lists in [[overdue, current], [current, overdue]] { #expect(isRevoked(["issuing key": lists])) }
    }

    @Test("is judged by no CRL of the future, but for five minutes by which a CA's clock may be ahead")
    func future() {
        let newer = Sample.revocations([])
        for (ahead, counts) in [(300, true), (301, false), (86_400, false)] as [(Int64, Bool)] {
            let list = Sample.revocations(
                ["1a"],
                thisUpdate: Sample.now.adding(seconds: ahead),
                nextUpdate: Sample.now.adding(seconds: 200_000)
            )
            #expect(isRevoked(["issuing key": [newer, list]]) == counts)
            #expect(isRevoked(["issuing key": [list]]) == counts)
            let code = verdict(["issuing key": [list]])?.code
            #expect(code == (counts ? "revoked" : "revocation_unknown"))
        }
    }
}

@Suite("A verdict whose CRL is out of date")
struct OverdueVerdictTests {
    let revocation = RevocationTests()

    private func verdict(
        since: Int64,
        revoking: Set<String> = ["5e"],
        level: ProofLevel = .proven,
        refusesUnknown: Bool = true,
        grace: Int64 = 86_400
    ) -> CheckVerdict? {
        let list = Sample.revocations(
            revoking,
            thisUpdate: Sample.now.adding(seconds: -200_000),
            nextUpdate: Sample.now.adding(seconds: -since)
        )
        return revocation.verdict(
            ["issuing key": [list]],
            of: Sample.proof(level, chain: RevocationTests.chain),
            refusesUnknown: refusesUnknown,
            grace: grace
        )
    }

    @Test(
        "keeps its level for the grace, with a warning about the scorer's list",
        arguments: [ProofLevel.proven, .keyPresent]
    )
    func grace(level: ProofLevel) {
        #expect(verdict(since: -1, level: level)?.warning == nil)
        for since in [0, 1, 86_399] as [Int64] {
            let verdict = verdict(since: since, level: level)
            #expect(verdict?.level == level && verdict?.code == nil && verdict?.proves == true)
            let end = Sample.now.adding(seconds: 86_400 - since)
            #expect(
                verdict?.warning?.hasPrefix("the scorer's CRL of CN=Issuing is overdue since ") == true
                    && verdict?.warning?.hasSuffix("count until \(end)") == true
            )
        }
    }

    @Test("has no level after the grace, and proves all the same", arguments: [0, 60, 86_400] as [Int64])
    func after(grace: Int64) {
        for since in [grace, grace + 1, grace * 2 + 100] {
            let verdict = verdict(since: since, grace: grace)
            #expect(verdict?.level == ProofLevel.none && verdict?.code == "revocation_unknown")
            #expect(verdict?.proves == true && verdict?.warning == nil)
            #expect(verdict?.reason.contains("the scorer's CRL was good until") == true)
            #expect(verdict?.reason.contains("provide a CRL of CN=Issuing") == true)
        }
    }

    @Test("is as good as before once a newer list is there")
    func newer() {
        let lists = [
            Sample.revocations([], thisUpdate: Sample.now.adding(seconds: -7200), nextUpdate: Sample.now),
            Sample.revocations([]),
        ]
        let stored = Sample.proof(chain: RevocationTests.chain)
        #expect(revocation.verdict(["issuing key": lists], of: stored, grace: 0) == stored)
    }

    @Test("is revoked where the list says so, in the grace and after it", arguments: [true, false])
    func revoked(refusesUnknown: Bool) {
        for since in [0, 100, 200_000] as [Int64] {
            let verdict = verdict(since: since, revoking: ["1a"], refusesUnknown: refusesUnknown)
            #expect(verdict?.code == "revoked" && verdict?.proves == false)
        }
    }

    @Test("holds where CRLs are not required")
    func soft() {
        #expect(verdict(since: 500_000, refusesUnknown: false) == Sample.proof(chain: RevocationTests.chain))
    }

    @Test("has no grace where the list is of the future, or lacks what RFC 5280 demands")
    func others() {
        for (thisUpdate, nextUpdate, why) in [
            (301, 3600, "is good only from"), (-3600, nil, "lacks a time or the number"),
            (nil, 3600, "lacks a time or the number"),
        ] as [(Int64?, Int64?, String)] {
            let list = Sample.revocations(
                [],
                thisUpdate: thisUpdate.map(Sample.now.adding(seconds:)),
                nextUpdate: nextUpdate.map(Sample.now.adding(seconds:))
            )
            for issuer in ["issuing key", "root key"] {
                let verdict = revocation.verdict([issuer: [list]])
                #expect(verdict?.level == ProofLevel.none && verdict?.code == "revocation_unknown")
                #expect(
                    verdict?.proves == true && verdict?.reason.contains(why) == true,
                    "\(String(describing: verdict))"
                )
            }
            #expect(revocation.verdict(["another key": [list]])?.level == .proven)
        }
    }

    @Test("of an expired certificate says that it expired")
    func expired() {
        let stored = Sample.proof(chain: RevocationTests.chain, holdsUntil: Sample.now.adding(seconds: -1))
        let list = Sample.revocations([], nextUpdate: Sample.now.adding(seconds: -1))
        #expect(revocation.verdict(["issuing key": [list]], of: stored)?.code == "expired")
    }
}
