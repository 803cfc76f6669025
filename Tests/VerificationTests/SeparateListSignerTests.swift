import OpenSSLBridge
import PostureModel
import TestSupport
import Testing
import Verification

@Suite("A CRL that another key of its CA signed")
struct SeparateListSignerTests {
    let pki: Revocable

    init() throws { pki = try Revocable() }

    /// A certificate of the issuing CA's name for a key that signs CRLs alone.
    private func signer(of issuer: Issued? = nil, _ change: (inout Draft) -> Void = { _ in }) throws -> Issued {
        try (issuer ?? pki.root).ca("Corp Issuing") { draft in
            draft.set(.basicConstraints(isCA: false))
            draft.set(.keyUsage(.cRLSign))
            change(&draft)
        }
    }

    private func judge(_ signer: Issued, revoking revoked: [Issued] = [], root: [Issued] = []) throws
        -> CertificateJudgement
    {
        let lists = try [signer.list(revoking: revoked), pki.root.list(revoking: root)]
        return try pki.judge(lists, .hard, intermediates: [signer])
    }

    @Test("counts where the trusted CA issued the certificate of that key, and it is at hand")
    func separate() throws {
        let signer = try signer()
        #expect(try judge(signer).chain() != nil)
        try judge(signer, revoking: [pki.leaf]).expect(.revoked)
        try pki.judge([signer.list(), pki.root.list()], .hard).expect(.revocationUnknown)
    }

    @Test("does not count where nobody trusted issued it")
    func untrusted() throws {
        try judge(signer(of: Issued.root("Other Root"))).expect(.revocationUnknown)
        try judge(signer(of: Issued.root("Corp Root"))).expect(.revocationUnknown)
    }

    @Test("does not count where that certificate may not sign lists")
    func noCRLSign() throws {
        try judge(signer { $0.set(.keyUsage(.digitalSignature)) }).expect(.revocationUnknown)
    }

    @Test("does not count after that certificate expired, nor before it is valid")
    func validity() throws {
        try judge(signer { $0.notAfter = "20300520000000Z" }).expect(.revocationUnknown)
        try judge(signer { $0.notBefore = "20300620000000Z" }).expect(.revocationUnknown)
    }

    @Test("does not count where that certificate is revoked")
    func revoked() throws {
        let signer = try signer()
        try judge(signer, root: [signer]).expect(.revocationUnknown)
    }
}
