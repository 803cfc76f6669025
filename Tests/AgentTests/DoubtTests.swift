import Foundation
import OpenSSLBridge
import PostureModel
import TestSupport
import Testing
import Verification

@testable import Agent

@Suite("What cannot be seen whole is no absence", .timeLimit(.minutes(5)))
struct DoubtTests {
    let fixture: CheckFixture

    init() throws { fixture = try CheckFixture() }

    private func judge(_ contents: Contents, commonName: String? = CheckFixture.name) throws -> CheckResult {
        let check = try fixture.check(commonName: commonName)
        let demand = try check.requirements.names.resolved(with: VariableValues())
        return check.judge(contents, demand, warpIDs: [], at: .now())
    }

    private func stored(
        _ certificate: TestCertificate,
        _ key: PrivateKeyPresence = .present,
        nickname: String = "a"
    ) throws -> StoredCertificate {
        StoredCertificate(
            certificate: try Certificate(der: certificate.der),
            nickname: nickname,
            token: "NSS Certificate DB",
            privateKey: key,
            key: .file("/nowhere")
        )
    }

    @Test("where a token is not seen, rows cannot be read, or too many were there to be judged")
    func doubts() throws {
        let expired = try stored(fixture.leaf(validity: .expired))
        let row = "the certificate in row 1 is no certificate in DER"
        for contents in [
            Contents(certificates: [expired], unseen: ["the module was not loaded"]), Contents(passedOver: [row]),
            Contents(certificates: [expired], passedOver: [row]), Contents(unseen: ["the token is locked"]),
        ] {
            let result = try judge(contents)
            #expect(result.outcome == .unable, "\(result.reason)")
            #expect(result.reason.hasPrefix("as far as can be seen, "))
        }
        #expect(try judge(Contents(certificates: [expired])).outcome == .fail)
        let good = try stored(fixture.leaf())
        let passed = try judge(Contents(certificates: [good], passedOver: [row], unseen: ["x"]))
        #expect(passed.outcome == .pass)
        #expect(passed.warnings.contains("passed over: \(row)"))
        let many = Contents(certificates: Array(repeating: expired, count: CertificateCheck.candidateLimit + 1))
        #expect(try judge(many).outcome == .unable)
    }

    @Test("where the key of one copy is locked away and another copy has none")
    func lockedCopy() throws {
        let leaf = try fixture.leaf()
        let copies = [try stored(leaf, .absent), try stored(leaf, .unreadable(reason: "the token asks for its PIN"))]
        for certificates in [copies, copies.reversed()] {
            let result = try judge(Contents(certificates: certificates))
            #expect(result.outcome == .unable)
            #expect(result.reason.contains("the token asks for its PIN"), "\(result.reason)")
        }
    }

    @Test("and what is there is said: a CA's certificate of that name, an expired one of WARP's form")
    func named() throws {
        let authority = try fixture.pki.ca(CheckFixture.name, issuer: fixture.root)
        #expect(try judge(Contents(certificates: [stored(authority)])).code == .unsuitable)
        #expect(try judge(Contents(certificates: [stored(authority)]), commonName: nil).code == .notFound)
        let id = "9ece5fab-7398-488a-a575-e25a9a3dec07"
        let expired = try stored(fixture.leaf(id, validity: .expired), nickname: id)
        #expect(try judge(Contents(certificates: [expired]), commonName: id).code == .expired)
    }

    @Test("and a key that goes by the certificate's id and is another one's proves nothing")
    func otherKey() async throws {
        let (leaf, other) = (try fixture.leaf(), try fixture.leaf())
        try fixture.database.importWithKey(leaf, nickname: "a")
        // As a token with ids that somebody gave: the certificate is exchanged for another one, its id stays.
        let hex = other.der.map { String(format: "%02x", $0) }.joined()
        try fixture.database.sql("UPDATE nssPublic SET a11 = x'\(hex)' WHERE a0 = x'00000001'")
        let verdict = try await TestScorer().report(of: TestDevice(fixture), demanding: fixture).checks.first
        #expect(verdict?.level == .certificateOnly, "\(String(describing: verdict))")
        #expect(verdict?.code == "private_key_unreadable")
    }
}
