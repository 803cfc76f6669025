import TestSupport
import Testing
import Verification

@Suite("A leaf may be used by a client")
struct LeafTests {
    typealias Form = CertificateExtension
    let root: Issued

    init() throws { root = try .root("Corp Root") }

    private func judge(_ change: (inout Draft) throws -> Void) throws -> CertificateJudgement {
        try judged(root.leaf(change: change), trusted: [root])
    }

    @Test("with clientAuth itself: not with any usage, and not with none")
    func extendedKeyUsage() throws {
        let (server, client, any) = ("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2", "2.5.29.37.0")
        for good in [Form.extendedKeyUsage(client), .extendedKeyUsage(server, client), .extendedKeyUsage(any, client)] {
            #expect(try judge { $0.set(good) }.chain() != nil)
        }
        #expect(try judge { $0.set(.extendedKeyUsage(client, isCritical: true)) }.chain() != nil)
        try judge { $0.set(.extendedKeyUsage(any)) }.expect(.missingUsage, "usage: anyExtendedKeyUsage")
        try judge { $0.set(.extendedKeyUsage(server)) }.expect(.missingUsage, "usage: serverAuth")
        try judge { $0[Form.OID.extendedKeyUsage] = nil }.expect(.missingUsage, "usage: none")
        try judge { $0.set(.extendedKeyUsage()) }.expect(.malformed, "extended key usage")
    }

    @Test("with a key that may sign or agree on keys, where its key usage says anything")
    func keyUsage() throws {
        #expect(try judge { $0[Form.OID.keyUsage] = nil }.chain() != nil)
        #expect(try judge { $0.set(.keyUsage(.keyAgreement)) }.chain() != nil)
        #expect(try judge { $0.set(.keyUsage(.digitalSignature, isCritical: false)) }.chain() != nil)
        try judge { $0.set(.keyUsage(.cRLSign)) }.expect(.unsuitable, "neither digitalSignature nor keyAgreement")
        try judge { $0.set(.keyUsage()) }.expect(.unsuitable, "neither digitalSignature nor keyAgreement")
        try judge { $0.set(.keyUsage(.digitalSignature, .keyCertSign)) }.expect(.unsuitable, "keyCertSign")
    }

    @Test("without basic constraints too, and not as a CA")
    func basicConstraints() throws {
        #expect(try judge { $0[Form.OID.basicConstraints] = nil }.chain() != nil)
        #expect(try judge { $0.set(.basicConstraints(isCA: false, isCritical: false)) }.chain() != nil)
        try judge { $0.set(.basicConstraints(isCA: true)) }.expect(.unsuitable, "is a CA's certificate, not a device's")
        try judge { draft in
            draft.set(.basicConstraints(isCA: true))
            draft.set(.keyUsage(.digitalSignature, .keyCertSign))
        }.expect(.unsuitable, "is a CA's certificate, not a device's")
    }

    @Test("without name constraints, which are a CA's")
    func nameConstraints() throws {
        for isCritical in [true, false] {
            try judge { $0.set(.nameConstraints(permitted: [.dns("acme.test")], isCritical: isCritical)) }
                .expect(.unsuitable, "name constraints, which only a CA may have")
        }
    }

    @Test(
        "with names that are names of their kind (RFC 5280 §4.2.1.6)",
        arguments: [
            .dns("a.test"), .dns("A-1.b_c.test"), .dns("*.acme.test"), .dns("localhost"), .dns("1.2.3.test"),
            .email("a@b.test"), .email("a+b.c@b.test"), .uri("urn:uuid:1"), .uri("spiffe://acme.test/a"),
            .ip([192, 0, 2, 1]), .ip([UInt8](repeating: 0, count: 16)), .directory("Laptop"), .other("anything"),
        ] as [NameForm]
    )
    func names(name: NameForm) throws {
        #expect(try judge { $0.set(.alternativeNames([name])) }.chain() != nil)
        #expect(try judge { $0.set(.alternativeNames([.dns("first.test"), name])) }.chain() != nil)
    }

    @Test(
        "and not with any that is none",
        arguments: [
            .dns(""), .dns(".example.com"), .dns("a..test"), .dns("a.test."), .dns("-a.test"), .dns("a b.test"),
            .dns("a.*.test"), .dns("a*.test"), .dns("*"), .dns("192.0.2.1"), .dns("😜.test"), .dns("a\0.test"),
            .dns(String(repeating: "a", count: 64) + ".test"), .dns(String(repeating: "a.", count: 127)),
            .email("a@b@c"), .email("@b.test"), .email("a@"), .email("a"), .email("a b@c.test"), .email("a@.test"),
            .email("Ann <a@b.test>"), .email("a@b.test\0"), .uri(""), .uri("http://a b/"), .uri("http://a\0/"),
            .ip([]), .ip([1, 2, 3, 4, 5]), .ip([192, 0, 2, 0, 255, 255, 255, 0]), .ip([UInt8](repeating: 0, count: 32)),
        ] as [NameForm]
    )
    func malformedNames(name: NameForm) throws {
        for names in [[name], [.dns("laptop-1.acme.test"), name]] {
            try judge { $0.set(.alternativeNames(names)) }.expect(.malformed, "subject alternative name", "malformed")
        }
    }

    @Test("with a list of names that can be read, and is not empty")
    func malformedList() throws {
        let oid = Form.OID.alternativeNames
        for value in [Array("example.com".utf8), [0x30, 0x00], [0x30, 0x05, 0x82, 0x01], [0x05, 0x00], []] as [[UInt8]]
        {
            try judge { $0.set(Form(oid, value: value)) }.expect(.malformed, "CN=laptop-1.acme.test")
        }
        #expect(try judge { $0[oid] = nil }.chain() != nil)
    }
}
