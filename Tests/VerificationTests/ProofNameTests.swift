import OpenSSLBridge
import PostureModel
import TestSupport
import Testing
import Verification

@Suite("A proof for a check whose names have variables")
struct ProofNameTests {
    let sender: Sender

    init() throws { sender = try Sender() }

    /// The verdict on a report with a proof, or with an unproven finding, by a check that asks for these names.
    private func verdict(
        _ patterns: NamePatterns,
        isProven: Bool = true,
        warningDays: Int = 14,
        at time: Timestamp = Day.now,
        change: (inout Report) -> Void = { _ in }
    ) throws -> CheckVerdict {
        let leaf = try sender.leaf.parsed()
        let found = FoundCertificate(fingerprint: leaf.fingerprint, privateKey: .present, chain: [leaf.der])
        var report = try sender.report([CheckFinding(id: Sender.check, certificate: .found(found))])
        change(&report)
        let payload = try Wire.encode(report)
        let proofs = isProven ? [try sender.proof(payload)] : []
        let message = try UnverifiedMessage(parsing: Sender.message(payload, [sender.own(payload)] + proofs))
        let requirements = CertificateRequirements(
            trusted: [try sender.root.parsed()],
            names: patterns,
            expiryWarning: TimeSpan(seconds: Int64(warningDays) * 86_400)
        )
        let nonce = try sender.authority.verify(message.nonce, at: Day.now)
        let authentic = try sender.verifier.authenticReport(message, of: sender.known, nonce: nonce)
        let verified = sender.verifier.report(authentic, checks: [Sender.check: requirements], at: time)
        return try #require(verified.checks.first)
    }

    private func patterns(_ name: String) throws -> NamePatterns {
        NamePatterns(alternativeNames: [try NamePattern(name)])
    }

    @Test("holds where the certificate has the names of the machine that reports, and says which")
    func bound() throws {
        let proven = try verdict(patterns("${hostname}.acme.test"))
        #expect(proven.level == .proven)
        #expect(proven.bound == ["hostname": "laptop-1"])
        #expect(try verdict(patterns("laptop-1.acme.test")).bound == [:])
        let shown = try verdict(patterns("${hostname}.acme.test"), isProven: false)
        #expect(shown.level == .keyPresent)
        #expect(shown.bound == ["hostname": "laptop-1"])
    }

    @Test("does not hold for a machine of another name")
    func otherMachine() throws {
        let verdict = try verdict(patterns("${hostname}.acme.test")) { $0.facts.kernelHostname = .observed("laptop-2") }
        #expect(verdict.level == .none)
        #expect(verdict.code == "wrong_alternative_name")
        #expect(verdict.bound == [:])
    }

    @Test("is not looked at where the machine's value is unknown")
    func unknown() throws {
        for isProven in [true, false] {
            let verdict = try verdict(patterns("${serial_number}.acme.test"), isProven: isProven)
            #expect(verdict.level == .none)
            #expect(verdict.code == "variable_unknown")
            #expect(verdict.reason.contains("${serial_number}"))
        }
    }

    @Test("counts as a key that is there, where others on the machine may read the key")
    func sharedKey() throws {
        let leaf = try sender.leaf.parsed()
        var found = FoundCertificate(fingerprint: leaf.fingerprint, privateKey: .present, chain: [leaf.der])
        found.isKeyShared = true
        let shared = try verdict(.any) { $0.checks = [CheckFinding(id: Sender.check, certificate: .found(found))] }
        #expect(shared.level == .keyPresent)
        #expect(shared.code == "key_shared")
        #expect(shared.reason.contains("others on the machine may read the key"))
        #expect(shared.anchor != nil && !shared.chain.isEmpty)
    }

    @Test("is worth nothing by a clock that is before this program was built")
    func clock() throws {
        for isProven in [true, false] {
            let early = try verdict(.any, isProven: isProven, at: Version.builtAfter.adding(seconds: -1))
            #expect(early.level == .none)
            #expect(early.code == "wrong_clock")
            #expect(early.reason.contains("\(Version.builtAfter)"))
        }
        // From that second on it is the certificate that is judged.
        #expect(try verdict(.any, at: Version.builtAfter).code == "not_yet_valid")
    }

    @Test("comes with a warning where the certificate ends soon")
    func warning() throws {
        let late = Day.end.adding(seconds: -20 * 86_400)
        #expect(try verdict(.any, warningDays: 20, at: late).warning == nil)
        let verdict = try verdict(.any, warningDays: 21, at: late)
        #expect(verdict.level == .proven)
        #expect(
            verdict.warning?.contains("CN=laptop-1.acme.test expires in 20d") == true,
            "\(verdict.warning ?? "")"
        )
    }
}
