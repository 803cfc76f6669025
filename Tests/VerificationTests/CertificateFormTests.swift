import OpenSSLBridge
import TestSupport
import Testing
import Verification

@Suite("A certificate is well-formed")
struct CertificateFormTests {
    typealias Form = CertificateExtension

    private func judge(
        leaf: (inout Draft) throws -> Void = { _ in },
        ca: (inout Draft) throws -> Void = { _ in },
        root: (inout Draft) throws -> Void = { _ in }
    ) throws -> CertificateJudgement {
        let root = try Issued.root("Corp Root", change: root)
        let issuing = try root.ca("Corp Issuing", change: ca)
        return try judged(issuing.leaf(change: leaf), trusted: [root], intermediates: [issuing])
    }

    @Test("with extensions that nobody knows, unless they are critical (RFC 5280 §4.2)")
    func unknownExtension() throws {
        func add(isCritical: Bool) -> (inout Draft) -> Void {
            { $0.set(Form(Form.OID.unknown, isCritical: isCritical, value: [])) }
        }
        let harmless = add(isCritical: false)
        #expect(try judge(leaf: harmless, ca: harmless, root: harmless).chain() != nil)
        try judge(leaf: add(isCritical: true)).expect(.unsuitable, "CN=laptop-1.acme.test", "critical extension")
        try judge(ca: add(isCritical: true)).expect(.unsuitable, "CN=Corp Issuing", "critical extension")
        try judge(root: add(isCritical: true)).expect(.unsuitable, "CN=Corp Root", "critical extension")
    }

    @Test("with each extension once", arguments: [Form.OID.alternativeNames, Form.OID.unknown, Form.OID.keyUsage])
    func duplicates(oid: String) throws {
        func twice(_ draft: inout Draft) {
            let names = Form.alternativeNames([.dns("a.test")])
            let one = draft[oid] ?? (oid == names.oid ? names : Form(oid, value: []))
            draft.extensions.removeAll { $0.oid == oid }
            draft.extensions += [one, one]
        }
        try judge(leaf: twice).expect(.malformed, "CN=laptop-1.acme.test", "twice")
        try judge(ca: twice).expect(.malformed, "CN=Corp Issuing", "twice")
        try judge(root: twice).expect(.malformed, "CN=Corp Root", "twice")
    }

    @Test("with a serial number of 1 to 20 octets that is not 0 (RFC 5280 §4.1.2.2)")
    func serialNumber() throws {
        let long: [UInt8] = [0x7f] + [UInt8](repeating: 1, count: 19)
        let twenty: [UInt8] = [0x00, 0x80] + [UInt8](repeating: 0, count: 19)
        // A negative number is what some CAs made of the first bit, and PKITS §4.4.14 has it accepted.
        for good in [[1], [0x7f], [0xff], [0x80], long, twenty] as [[UInt8]] {
            #expect(try judge(leaf: { $0.serial = good }).chain() != nil, "\(good)")
            #expect(try judge(ca: { $0.serial = good }).chain() != nil, "\(good)")
        }
        for bad in [[0], [0x01] + long, [0x00, 0x80] + long] as [[UInt8]] {
            try judge(leaf: { $0.serial = bad }).expect(.malformed, "CN=laptop-1.acme.test", "serial number")
            try judge(ca: { $0.serial = bad }).expect(.malformed, "CN=Corp Issuing", "serial number")
            #expect(try judge(root: { $0.serial = bad }).chain() != nil, "a trusted certificate is trusted as it is")
        }
    }

    @Test("with the same algorithm in the signed part and beside the signature (RFC 5280 §4.1.1.2)")
    func algorithms() throws {
        let sha384 = DER.sequence(DER.oid("1.2.840.10045.4.3.3"))
        for (inner, outer) in [(sha384, Draft.ecdsaWithSHA256), (Draft.ecdsaWithSHA256, sha384)] {
            func change(_ draft: inout Draft) { (draft.innerAlgorithm, draft.outerAlgorithm) = (inner, outer) }
            guard case .invalid = try judge(leaf: change) else { Issue.record("accepted"); continue }
            guard case .invalid = try judge(ca: change) else { Issue.record("accepted"); continue }
        }
    }

    @Test("with the key identifier of its issuer, and as an issuer with its own (RFC 5280 §4.2.1.1, §4.2.1.2)")
    func keyIdentifiers() throws {
        let (own, above) = (Form.OID.subjectKeyIdentifier, Form.OID.authorityKeyIdentifier)
        try judge(leaf: { $0[above] = nil }).expect(.unsuitable, "CN=laptop-1.acme.test", "Key Identifier")
        try judge(ca: { $0[above] = nil }).expect(.unsuitable, "CN=Corp Issuing", "Key Identifier")
        try judge(ca: { $0[own] = nil }).expect(.unsuitable, "CN=Corp Issuing", "Key Identifier")
        #expect(try judge(leaf: { $0[own] = nil }).chain() != nil)
        #expect(try judge(root: { $0[above] = nil }).chain() != nil)
    }

    @Test("with a lone subject alternative name critical, where there is no subject (RFC 5280 §4.1.2.6)")
    func emptySubject() throws {
        func bare(isCritical: Bool) -> (inout Draft) -> Void {
            { draft in
                draft.subject = DER.name("")
                draft.set(.alternativeNames([.dns("a.test")], isCritical: isCritical))
            }
        }
        #expect(try judge(leaf: bare(isCritical: true)).chain() != nil)
        try judge(leaf: bare(isCritical: false)).expect(.unsuitable, "does not qualify")
        try judge(ca: { $0.subject = DER.name("") }).expect(.unsuitable, "does not qualify")
    }

    @Test(
        "with extensions that can be read",
        arguments: ["2.5.29.31", "2.5.29.32", "2.5.29.35", "2.5.29.14", "2.5.29.15"]
    )
    func unreadable(oid: String) throws {
        func spoil(_ draft: inout Draft) { draft.set(Form(oid, value: Array("example.com".utf8))) }
        try judge(leaf: spoil).expect(.malformed, "CN=laptop-1.acme.test", "cannot be read")
        try judge(ca: spoil).expect(.malformed, "CN=Corp Issuing", "cannot be read")
        try judge(root: spoil).expect(.malformed, "CN=Corp Root", "cannot be read")
    }
}
