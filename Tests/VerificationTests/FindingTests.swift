import OpenSSLBridge
import PostureModel
import TestSupport
import Testing
import Verification

@Suite("A finding without a proof")
struct FindingTests {
    let sender: Sender

    init() throws {
        sender = try Sender()
    }

    private func verdict(
        _ finding: CheckFinding.Finding,
        id: String = Sender.check,
        at time: Timestamp = Day.now
    ) throws -> CheckVerdict {
        try sender.verdict(sender.report([CheckFinding(id: id, certificate: finding)]), at: time)
    }

    private func found(_ key: PrivateKeyPresence, _ chain: [TestCertificate]? = nil) throws -> CheckFinding.Finding {
        let chain = try (chain ?? [sender.leaf]).map { try $0.parsed() }
        return .found(
            FoundCertificate(
                fingerprint: chain.first?.fingerprint ?? String(repeating: "A", count: 43),
                privateKey: key,
                chain: chain.map(\.der)
            )
        )
    }

    @Test("is a certificate only, or a key that is said to be there, and never proven")
    func levels() throws {
        let present = try verdict(found(.present))
        #expect(present.level == .keyPresent)
        #expect(present.code == "no_proof")
        #expect(present.reason.contains("CN=laptop-1.acme.test"))
        #expect(present.holdsUntil == Day.end)
        #expect(present.anchor == (try sender.root.parsed().fingerprint))
        let absent = try verdict(found(.absent))
        #expect(absent.level == .certificateOnly)
        #expect(absent.code == "no_private_key")
        let unreadable = try verdict(found(.unreadable(reason: "a password is asked for")))
        #expect(unreadable.level == .certificateOnly)
        #expect(unreadable.code == "private_key_unreadable")
        #expect(unreadable.reason.contains("a password is asked for"))
    }

    @Test("passes on why there is none")
    func reasons() throws {
        let absent = try verdict(.notFound(reason: "no certificate of that name in the database"))
        #expect(absent.level == .none)
        #expect(absent.code == "not_found")
        #expect(absent.reason == "no certificate of that name in the database")
        let unreadable = try verdict(.unreadable(reason: "permission denied"))
        #expect(unreadable.level == .none)
        #expect(unreadable.code == "unreadable")
        #expect(unreadable.reason == "permission denied")
    }

    @Test("is missing where the agent has no such check")
    func noCheck() throws {
        for verdict in [try sender.verdict(sender.report()), try verdict(found(.present), id: "other")] {
            #expect(verdict.level == .none)
            #expect(verdict.code == "not_found")
            #expect(verdict.reason == "the agent has no check with the id 'laptop': configure it")
        }
    }

    @Test("is judged by the scorer, whatever the machine says")
    func judged() throws {
        let expired = try verdict(found(.present), at: Day.end.adding(seconds: 60))
        #expect(expired.level == .none)
        #expect(expired.code == "expired")
        #expect(!expired.proves && expired.commonName == nil)
        let other = try sender.pki.leaf("laptop-1.acme.test", issuer: nil, validity: Day.year2030)
        #expect(try verdict(found(.present, [other])).code == "untrusted_issuer")
        #expect(try verdict(found(.present, [])).code == "no_certificate")
        let garbage = FoundCertificate(
            fingerprint: String(repeating: "A", count: 43),
            privateKey: .present,
            chain: [[0x30, 0x00]]
        )
        #expect(try verdict(.found(garbage)).code == "unreadable")
    }

    @Test("does not stand in for a proof that is bad")
    func badProof() throws {
        let report = try sender.report([CheckFinding(id: Sender.check, certificate: found(.present))])
        let forged = try sender.signature(
            sender.proofHeader(),
            over: Wire.encode(report),
            by: sender.device,
            certificates: [sender.leaf]
        )
        let verdict = try sender.verdict(report, [forged])
        #expect(verdict.level == .none)
        #expect(verdict.code == "bad_proof")
    }

    @Test("has one verdict for each of the scorer's checks, in the order of their ids")
    func checks() throws {
        let payload = try Wire.encode(sender.report())
        let requirements = CertificateRequirements(trusted: [try sender.root.parsed()])
        let names = NamePatterns(commonName: try NamePattern("other.acme.test"))
        let named = CertificateRequirements(trusted: [try sender.root.parsed()], names: names)
        let checks = ["vpn": requirements, "laptop": requirements, "mail": named]
        let message = try UnverifiedMessage(
            parsing: Sender.message(payload, [sender.own(payload), sender.proof(payload)])
        )
        let nonce = try sender.authority.verify(message.nonce, at: Day.now)
        let authentic = try sender.verifier.authenticReport(message, of: sender.known, nonce: nonce)
        let report = sender.verifier.report(authentic, checks: checks, at: Day.now)
        #expect(report.checks.map(\.id) == ["laptop", "mail", "vpn"])
        #expect(report.checks.map(\.level) == [.proven, .none, .none])
    }
}
