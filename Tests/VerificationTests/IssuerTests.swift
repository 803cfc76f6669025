import TestSupport
import Testing
import Verification

@Suite("A certificate may issue others")
struct IssuerTests {
    typealias Form = CertificateExtension

    /// Judges a leaf under an intermediate that has these extensions instead of its own; nil: none of the kind.
    private func judgeUnder(_ oid: String, _ replacement: Form?) throws -> CertificateJudgement {
        let root = try Issued.root("Corp Root")
        let issuing = try root.ca("Corp Issuing") { $0[oid] = replacement }
        return try judged(issuing.leaf(), trusted: [root], intermediates: [issuing])
    }

    @Test("with critical basic constraints of a CA, and with no others (RFC 5280 §4.2.1.9)")
    func basicConstraints() throws {
        let oid = Form.OID.basicConstraints
        #expect(try judgeUnder(oid, .basicConstraints(isCA: true)).chain() != nil)
        #expect(try judgeUnder(oid, .basicConstraints(isCA: true, pathLength: 0)).chain() != nil)
        try judgeUnder(oid, nil).expect(.unsuitable, "CN=Corp Issuing, above CN=laptop-1.acme.test,", "CA")
        try judgeUnder(oid, .basicConstraints(isCA: false)).expect(.unsuitable, "CN=Corp Issuing", "not a CA's")
        try judgeUnder(oid, .basicConstraints(isCA: true, isCritical: false)).expect(.unsuitable, "CN=Corp Issuing")
        try judgeUnder(oid, Form(oid, isCritical: true, value: [0x05, 0x00])).expect(.malformed, "CN=Corp Issuing")
    }

    @Test("with keyCertSign, or with no key usage at all (RFC 5280 §6.1.4 (n))")
    func keyUsage() throws {
        let oid = Form.OID.keyUsage
        #expect(try judgeUnder(oid, nil).chain() != nil)
        #expect(try judgeUnder(oid, .keyUsage(.keyCertSign)).chain() != nil)
        #expect(try judgeUnder(oid, .keyUsage(.keyCertSign, isCritical: false)).chain() != nil)
        for usage in [Form.keyUsage(.digitalSignature), .keyUsage(.cRLSign), .keyUsage(.cRLSign, isCritical: false)] {
            try judgeUnder(oid, usage).expect(.unsuitable, "CN=Corp Issuing", "key usage has no keyCertSign")
        }
    }

    @Test("as a trusted certificate under the same conditions")
    func anchor() throws {
        func judge(_ oid: String, _ replacement: Form?) throws -> CertificateJudgement {
            let root = try Issued.root("Corp Root") { $0[oid] = replacement }
            return try judged(root.leaf(), trusted: [root])
        }
        #expect(try judge(Form.OID.keyUsage, nil).chain() != nil)
        try judge(Form.OID.keyUsage, .keyUsage(.cRLSign)).expect(.unsuitable, "CN=Corp Root")
        try judge(Form.OID.basicConstraints, nil).expect(.unsuitable, "CN=Corp Root")
        try judge(Form.OID.basicConstraints, .basicConstraints(isCA: false)).expect(.unsuitable, "CN=Corp Root")
    }

    @Test("for the usages of its own extended key usage, which hold for all below it")
    func extendedKeyUsage() throws {
        let (client, mail, any) = ("1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.4", "2.5.29.37.0")
        let oid = Form.OID.extendedKeyUsage
        for good in [Form.extendedKeyUsage(client), .extendedKeyUsage(mail, client), .extendedKeyUsage(any)] {
            #expect(try judgeUnder(oid, good).chain() != nil)
        }
        try judgeUnder(oid, .extendedKeyUsage(mail))
            .expect(.unsuitable, "CN=Corp Issuing", "may issue for emailProtection only", "clientAuth is asked for")
        // Two above each other: what one of them lacks, both lack.
        let root = try Issued.root("Corp Root")
        let upper = try root.ca("Upper") { $0.set(.extendedKeyUsage(mail)) }
        let lower = try upper.ca("Lower") { $0.set(.extendedKeyUsage(client)) }
        try judged(lower.leaf(), trusted: [root], carried: [upper, lower]).expect(.unsuitable, "CN=Upper")
        let constrained = try Issued.root("Mail Root") { $0.set(.extendedKeyUsage(mail)) }
        try judged(constrained.leaf(), trusted: [constrained]).expect(.unsuitable, "CN=Mail Root")
    }

    @Test("for any usage, where none is asked for")
    func noUsage() throws {
        let root = try Issued.root("Corp Root")
        let issuing = try root.ca("Mail CA") { $0.set(.extendedKeyUsage("1.3.6.1.5.5.7.3.4")) }
        #expect(try judged(issuing.leaf(), trusted: [root], carried: [issuing], usages: []).chain() != nil)
    }
}
