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
            #expect(throws: OpenSSLError.self) { try Certificate.parse(pem: text) }
        }
    }

    @Test("is refused whole where one of its certificates cannot be read")
    func broken() throws {
        let cut = root.pem.replacing("-----END CERTIFICATE-----\n", with: "")
        let altered = root.pem.replacing("CERTIFICATE-----\nMII", with: "CERTIFICATE-----\nAAA")
        let illegible = root.pem.replacing("CERTIFICATE-----\nMII", with: "CERTIFICATE-----\nM!!")
        for (flaw, text) in [("cut", cut), ("altered", altered), ("illegible", illegible)] {
            #expect(text != root.pem)
            #expect(throws: OpenSSLError.self, "\(flaw), at the end") { try Certificate.parse(pem: issuing.pem + text) }
            #expect(throws: OpenSSLError.self, "\(flaw), first") { try Certificate.parse(pem: text + issuing.pem) }
        }
    }

    @Test("with an encrypted certificate is refused, and nobody is asked for its password")
    func encrypted() throws {
        let header =
            "-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\n"
            + "DEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF\n\n"
        let text = root.pem.replacing("-----BEGIN CERTIFICATE-----\n", with: header)
        let error = #expect(throws: OpenSSLError.self) { try Certificate.parse(pem: text) }
        #expect(error?.reasons == ["bad password read"])
    }
}
