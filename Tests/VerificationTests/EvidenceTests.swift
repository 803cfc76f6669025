import OpenSSLBridge
import PostureModel
import TestSupport
import Testing
import Verification

/// A device that shows the certificates of a corporation, and the verdict of a scorer that has its lists.
struct Evidence {
    let root: Issued
    let issuing: Issued
    let device: CarryingDevice
    let authority = NonceAuthority(
        audience: CarryingDevice.audience,
        keys: [NonceKey(id: 1, secret: [UInt8](repeating: 1, count: 32), createdAt: Day.start)]
    )

    init() throws {
        root = try .root("Corp Root")
        issuing = try root.ca("Corp Issuing")
        device = try CarryingDevice()
    }

    func requirements(_ revocation: Revocation = Revocation()) throws -> CertificateRequirements {
        CertificateRequirements(trusted: [try root.parsed()], revocation: revocation)
    }

    /// The verdict on a report with a proof by the key of `leaf`, or by another key.
    func verdict(
        _ leaf: Issued,
        _ carried: [Issued] = [],
        by key: PrivateKey? = nil,
        _ requirements: CertificateRequirements? = nil,
        at now: Timestamp = Day.now,
        meter: SignatureMeter = SignatureMeter()
    ) throws -> CheckVerdict {
        let nonce = try #require(authority.issue(at: now))
        let proof = CarryingDevice.Proof(([leaf] + carried).map(\.der), key: key ?? leaf.key)
        let message = try UnverifiedMessage(parsing: device.report([proof], nonce: nonce, at: now))
        let requirements = try requirements ?? self.requirements()
        return try meter.run {
            let verifier = MessageVerifier(audience: CarryingDevice.audience)
            let known = KnownDevice(try #require(message.claimedDevice), keys: [device.key.publicKey.jwk])
            let authentic = try verifier.authenticReport(message, of: known, nonce: authority.verify(nonce, at: now))
            return try #require(verifier.report(authentic, checks: ["laptop": requirements], at: now).checks.first)
        }
    }

    /// The certificate that a registration proves.
    func registered(_ leaf: Issued, _ requirements: CertificateRequirements, at now: Timestamp = Day.now) throws
        -> String?
    {
        let nonce = try #require(authority.issue(at: now))
        let proof = CarryingDevice.Proof([leaf.der, issuing.der], key: leaf.key)
        let message = try UnverifiedMessage(parsing: device.registration([proof], nonce: nonce))
        let verifier = MessageVerifier(audience: CarryingDevice.audience)
        let authentic = try verifier.authenticRegistration(message, nonce: authority.verify(nonce, at: now))
        return verifier.registration(authentic, checks: ["laptop": requirements], at: now).provenCertificate
    }
}

@Suite("A certificate that gives no points proves all the same")
struct EvidenceTests {
    let evidence: Evidence

    init() throws { evidence = try Evidence() }

    private func expectEvidence(
        _ verdict: CheckVerdict,
        _ leaf: Issued,
        _ code: CertificateProblem.Code,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(verdict.level == .none && verdict.code == code.rawValue, "\(verdict)", sourceLocation: sourceLocation)
        #expect(try verdict.proves && verdict.key == leaf.parsed().keyFingerprint, sourceLocation: sourceLocation)
        #expect(try verdict.anchor == evidence.root.parsed().fingerprint, sourceLocation: sourceLocation)
        #expect(try verdict.chain.first?.serialNumber == leaf.parsed().serialNumber, sourceLocation: sourceLocation)
        #expect(verdict.commonName == "laptop-1.acme.test", sourceLocation: sourceLocation)
    }

    @Test("where it has expired, with the names that it has")
    func expired() throws {
        let leaf = try evidence.issuing.leaf { $0.notAfter = "20300101000010Z" }
        var requirements = try evidence.requirements()
        requirements.names = NamePatterns(commonName: try NamePattern("laptop-1.acme.test"))
        let verdict = try evidence.verdict(leaf, [evidence.issuing], requirements)
        try expectEvidence(verdict, leaf, .expired)
        #expect(verdict.reason.contains("CN=laptop-1.acme.test expired at 2030-01-01T00:00:10Z"))
        #expect(verdict.holdsUntil == Day.start.adding(seconds: 10) && verdict.warning == nil)
    }

    @Test("where a CA above it has expired, the trusted one too")
    func expiredCA() throws {
        let issuing = try evidence.root.ca("Corp Old Issuing") { $0.notAfter = "20300501000000Z" }
        let leaf = try issuing.leaf()
        try expectEvidence(evidence.verdict(leaf, [issuing]), leaf, .expired)
        try expectEvidence(evidence.verdict(leaf, [issuing], at: Day.end.adding(seconds: 86_400)), leaf, .expired)
    }

    @Test("but not where it is not yet valid, has another name, or its chain ends elsewhere")
    func others() throws {
        let early = try evidence.issuing.leaf { $0.notBefore = "20300701000000Z" }
        let lateCA = try evidence.root.ca("Corp Late") { $0.notBefore = "20300701000000Z" }
        let old = try evidence.issuing.leaf { $0.notAfter = "20300101000010Z" }
        let oldCA = try evidence.root.ca("Corp Old") { $0.notAfter = "20300501000000Z" }
        let earlyUnderOld = try oldCA.leaf { $0.notBefore = "20300701000000Z" }
        let strange = try Issued.root("Strange Root").leaf { $0.notAfter = "20300101000010Z" }
        var named = try evidence.requirements()
        named.names = NamePatterns(commonName: try NamePattern("other.acme.test"))
        for verdict in [
            try evidence.verdict(early, [evidence.issuing]), try evidence.verdict(lateCA.leaf(), [lateCA]),
            try evidence.verdict(earlyUnderOld, [oldCA]), try evidence.verdict(strange),
            try evidence.verdict(old, [evidence.issuing], named),
        ] {
            #expect(!verdict.proves && verdict.key == nil && verdict.level == .none, "\(verdict)")
        }
    }

    @Test("but not by another key's signature, which leaves the certificate's key")
    func otherKey() throws {
        for leaf in [try evidence.issuing.leaf(), try evidence.issuing.leaf { $0.notAfter = "20300101000010Z" }] {
            let verdict = try evidence.verdict(leaf, [evidence.issuing], by: evidence.device.key)
            #expect(!verdict.proves && verdict.code == "bad_proof" && verdict.commonName == nil)
            #expect(try verdict.key == leaf.parsed().keyFingerprint)
        }
    }

    @Test("but not where it is known to be revoked, which counts before its age", arguments: [true, false])
    func revoked(isOverdue: Bool) throws {
        let leaf = try evidence.issuing.leaf { $0.notAfter = "20300101000010Z" }
        let lists = [
            try evidence.issuing.list(revoking: [leaf]) { if isOverdue { $0.nextUpdate = "20300502000000Z" } },
            try evidence.root.list(),
        ]
        for mode in [Revocation.FailureMode.hard, .soft] {
            let revocation = Revocation(lists: try lists.flatMap { try RevocationList.parse($0) }, failureMode: mode)
            let verdict = try evidence.verdict(leaf, [evidence.issuing], evidence.requirements(revocation))
            #expect(!verdict.proves && verdict.code == "revoked", "\(verdict)")
            #expect(try verdict.key == leaf.parsed().keyFingerprint, "which tells that the key is lost")
        }
    }

    @Test("where it is not known whether it was revoked, and no list is at hand")
    func unknown() throws {
        let leaf = try evidence.issuing.leaf()
        let root = try RevocationList.parse(evidence.root.list())
        let verdict = try evidence.verdict(
            leaf,
            [evidence.issuing],
            evidence.requirements(Revocation(lists: root))
        )
        try expectEvidence(verdict, leaf, .revocationUnknown)
        var none = try evidence.requirements()
        #expect(try evidence.verdict(leaf, [evidence.issuing], none).level == .proven)
        none.revocation.needsLists = true
        try expectEvidence(evidence.verdict(leaf, [evidence.issuing], none), leaf, .revocationUnknown)
    }

    @Test("and costs no signature more than a valid one", arguments: 0...6)
    func count(length: Int) throws {
        for (limit, renewals) in [("20300501000000Z", 0), ("20310101000000Z", 0), ("20300501000000Z", 1)] {
            var chain = [evidence.root]
            for depth in 0..<length {
                chain.append(try #require(chain.last).ca("CA \(depth)") { $0.notAfter = limit })
            }
            let last = try #require(chain.last)
            let leaf = try last.leaf { $0.notAfter = "20300101000010Z" }
            // Other certificates of the CA above, with its key identifier, and of other keys.
            let alike = try (0..<renewals).map { _ in
                try evidence.root.ca("CA \(length - 1)") {
                    $0.set(.subjectKeyIdentifier(Issued.identifier(of: last.key)))
                }
            }
            let carried = Array(chain.dropFirst().reversed()) + (length > 0 ? alike : [])
            let meter = SignatureMeter()
            let verdict = try evidence.verdict(leaf, carried, meter: meter)
            #expect(verdict.proves && verdict.code == "expired", "\(verdict)")
            // One is that of the report.
            #expect(meter.value - 1 <= 2 * (1 + carried.count), "\(meter.value) for \(1 + carried.count)")
            if renewals == 0 { #expect(meter.value - 1 == length + 2) }
        }
    }
}

@Suite("A CRL that is out of date")
struct OverdueListTests {
    let evidence: Evidence
    let leaf: Issued

    init() throws {
        evidence = try Evidence()
        leaf = try evidence.issuing.leaf()
    }

    /// Requirements with lists of both CAs; that of the issuing CA was due a month ago.
    private func requirements(
        _ leeway: Revocation.Leeway,
        revoking: [Issued] = [],
        change: (inout ListDraft) -> Void = { $0.nextUpdate = "20300502000000Z" }
    ) throws -> CertificateRequirements {
        let lists = [try evidence.issuing.list(revoking: revoking, change: change), try evidence.root.list()]
        let parsed = try lists.flatMap { try RevocationList.parse($0) }
        return try evidence.requirements(Revocation(lists: parsed, failureMode: .hard, leeway: leeway))
    }

    @Test("serves reports for the leeway that is given, to the second")
    func leeway() throws {
        let age = Day.now.seconds(since: Timestamp(seconds: 1_903_910_400))
        for (overdue, serves) in [(Int64.max, true), (age + 1, true), (age, false), (0, false)] {
            let verdict = try evidence.verdict(leaf, [evidence.issuing], requirements(.init(overdue: overdue)))
            #expect(verdict.level == (serves ? .proven : .none), "\(overdue): \(verdict)")
            #expect(verdict.proves, "\(overdue)")
            #expect(verdict.code == (serves ? nil : "revocation_unknown"))
        }
    }

    @Test("still revokes the certificates on it")
    func revokes() throws {
        let verdict = try evidence.verdict(
            leaf,
            [evidence.issuing],
            requirements(.init(overdue: .max), revoking: [leaf])
        )
        #expect(verdict.code == "revoked" && !verdict.proves)
    }

    @Test("lets nobody register")
    func registration() throws {
        #expect(try evidence.registered(leaf, requirements(.init(overdue: .max))) == nil)
        let current = try requirements(.init(overdue: .max)) { _ in }
        #expect(try evidence.registered(leaf, current) == leaf.parsed().fingerprint)
    }

    @Test("is another than one of the future, which counts within the leeway of clocks")
    func early() throws {
        for (seconds, counts) in [(299, true), (300, true), (301, false)] as [(Int64, Bool)] {
            let now = Day.now.adding(seconds: -seconds)
            let requirements = try requirements(.init(early: 300)) { $0.thisUpdate = "20300601120000Z" }
            let verdict = try evidence.verdict(leaf, [evidence.issuing], requirements, at: now)
            #expect(verdict.level == (counts ? .proven : .none), "\(seconds): \(verdict)")
            #expect(try (evidence.registered(leaf, requirements, at: now) != nil) == counts)
        }
    }
}
