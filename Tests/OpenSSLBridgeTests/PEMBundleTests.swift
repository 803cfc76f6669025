import OpenSSLBridge
import PostureModel
import TestSupport
import Testing

@Suite("A PEM bundle")
struct PEMBundleTests {
    let root: TestCertificate
    let issuing: TestCertificate

    init() throws {
        let pki = try TestPKI()
        root = try pki.ca("Corp Root")
        issuing = try pki.ca("Corp Issuing", issuer: root)
    }

    @Test("has its certificates in its order, with text and keys between them")
    func order() throws {
        let bundle = "The issuing CA:\n\(issuing.pem)\n\(root.keyPEM)# and the root\n\(root.pem)trailing words\n"
        #expect(try Certificate.parse(pem: bundle).map(\.der) == [issuing.der, root.der])
        #expect(try Certificate.parse(pem: root.pem + root.pem).count == 2)
    }

    @Test("may have the line ends of another system")
    func lineEnds() throws {
        let bundle = (issuing.pem + root.pem).replacing("\n", with: "\r\n")
        #expect(try Certificate.parse(pem: bundle).map(\.der) == [issuing.der, root.der])
    }

    @Test("is refused without a certificate")
    func none() throws {
        for text in ["", "garbage", root.keyPEM, "-----BEGIN CERTIFICATE-----"] {
            #expect(throws: PEMError.self) { try Certificate.parse(pem: text) }
        }
    }

    @Test("is refused whole where one of its certificates cannot be read")
    func broken() throws {
        let cut = root.pem.replacing("-----END CERTIFICATE-----\n", with: "")
        let altered = root.pem.replacing("CERTIFICATE-----\nMII", with: "CERTIFICATE-----\nAAA")
        let illegible = root.pem.replacing("CERTIFICATE-----\nMII", with: "CERTIFICATE-----\nM!!")
        for (flaw, text) in [("cut", cut), ("altered", altered), ("illegible", illegible)] {
            #expect(text != root.pem)
            #expect(throws: PEMError.self, "\(flaw), at the end") { try Certificate.parse(pem: issuing.pem + text) }
            #expect(throws: PEMError.self, "\(flaw), first") { try Certificate.parse(pem: text + issuing.pem) }
        }
    }

    @Test("with an encrypted certificate is refused, and nobody is asked for its password")
    func encrypted() throws {
        let header =
            "-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\n"
            + "DEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF\n\n"
        let text = root.pem.replacing("-----BEGIN CERTIFICATE-----\n", with: header)
        #expect(throws: PEMError.other(.unknown, isDER: false, insteadOf: .certificate)) {
            try Certificate.parse(pem: text)
        }
    }

    @Test("has as many certificates as OpenSSL finds in it, where its form is plain")
    func openSSL() throws {
        let plain = issuing.pem + root.pem
        for text in [plain, "\u{feff}" + plain, plain.replacing("\n", with: "\r\n"), "text\n" + plain] {
            #expect(try Certificate.countAsOpenSSL(reads: Array(text.utf8)) == 2)
        }
        #expect(try Certificate.countAsOpenSSL(reads: root.der) == 0)
        let joined = issuing.pem + "\u{feff}" + root.pem
        #expect(try Certificate.parse(pem: joined).count == 2)
    }
}
