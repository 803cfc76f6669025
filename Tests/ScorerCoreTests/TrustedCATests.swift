import OpenSSLBridge
import PostureModel
import ScorerTestSupport
import TestSupport
import Testing

@testable import ScorerCore

@Suite("A CA that is to be trusted")
struct TrustedCATests {
    let corp: TestCorp

    init() throws { corp = try TestCorp.shared() }

    func take(_ text: String, name: String = "Corp") throws -> TrustedCA {
        try TrustedCA(name: name, certificates: Array(text.utf8))
    }

    func refusal(_ text: String, name: String = "Corp") -> String {
        let error = #expect(throws: OperatorError.self) { try take(text, name: name) }
        #expect(error?.kind == .malformed)
        return error?.description ?? ""
    }

    @Test("may be a root, an issuing CA, or both together, in PEM; one may be in DER")
    func taken() throws {
        #expect(try take(corp.root.pem).certificates.map(\.der) == [corp.root.der])
        #expect(try take(corp.issuing.pem).certificates.map(\.der) == [corp.issuing.der])
        let both = try take("a comment\n\(corp.issuing.pem)\n\n\(corp.root.pem)\(corp.root.pem)")
        #expect(both.certificates.map(\.der) == [corp.issuing.der, corp.root.der])
        #expect(try TrustedCA(name: "Corp", certificates: corp.root.der).certificates.map(\.der) == [corp.root.der])
    }

    @Test("is kept as its certificates alone, written anew")
    func rewritten() throws {
        let text = "secret notes\n" + corp.root.pem.replacing("\n", with: "\r\n") + "more notes\n"
        #expect(try take(text).pem == corp.root.pem)
    }

    @Test("is the same whatever the order, the name and the text around it; and no other is")
    func digest() throws {
        let both = try take(corp.root.pem + corp.issuing.pem)
        #expect(both.digest == (try take("x\n\(corp.issuing.pem)\(corp.root.pem)", name: "Other").digest))
        #expect(both.digest != (try take(corp.root.pem).digest))
    }

    @Test(
        "comes without a private key, of whatever form and wherever it stands",
        arguments: [
            "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY",
        ]
    )
    func privateKey(label: String) {
        let key = "-----BEGIN \(label)-----\nAAAA\n-----END \(label)-----\n"
        for text in [key, corp.root.pem + key, key + corp.root.pem, corp.root.pem + key.replacing("\n", with: "\r\n")] {
            let sentence = refusal(text)
            #expect(sentence.contains("private key") && !sentence.contains("AAAA"))
        }
    }

    @Test("may have been saved by a Windows editor")
    func windows() throws {
        let text = "\u{feff}" + (corp.issuing.pem + corp.root.pem).replacing("\n", with: "\r\n")
        #expect(try take(text).certificates.map(\.der) == [corp.issuing.der, corp.root.der])
        #expect(try take(text).pem == corp.issuing.pem + corp.root.pem)
    }

    @Test("comes without a private key in DER, in PKCS #12 or in UTF-16, too")
    func otherKeys() throws {
        let directory = try TemporaryDirectory("keys")
        let key = try directory.write(Array(corp.root.keyPEM.utf8), to: "k.pem")
        let certificate = try directory.write(Array(corp.root.pem.utf8), to: "c.pem")
        let (der, store) = (directory.file("k.der"), directory.file("k.p12"))
        try runTool("openssl", ["pkcs8", "-topk8", "-nocrypt", "-in", key, "-outform", "DER", "-out", der])
        try runTool(
            "openssl",
            ["pkcs12", "-export", "-in", certificate, "-inkey", key, "-passout", "pass:x", "-out", store]
        )
        let wide = corp.root.keyPEM.utf16.flatMap { unit -> [UInt8] in [UInt8(unit & 0xff), UInt8(unit >> 8)] }
        for bytes in try [contents(of: der), contents(of: store), wide] {
            #expect(throws: OperatorError.privateKey) { try TrustedCA(name: "Corp", certificates: bytes) }
        }
    }

    @Test("in PKCS #7 is refused with the command that converts it")
    func pkcs7() throws {
        let directory = try TemporaryDirectory("p7b")
        let certificate = try directory.write(Array(corp.root.pem.utf8), to: "c.pem")
        for (form, option) in [("PEM", ""), ("DER", " -inform DER")] {
            let file = directory.file("c.p7b")
            try runTool("openssl", ["crl2pkcs7", "-nocrl", "-certfile", certificate, "-outform", form, "-out", file])
            let error = #expect(throws: OperatorError.self) {
                try TrustedCA(name: "Corp", certificates: contents(of: file))
            }
            #expect(error?.description.contains("openssl pkcs7\(option) -print_certs") == true, "\(error as Any)")
        }
    }

    @Test("has certificates of CAs only, and a leaf is named")
    func leaf() throws {
        let pki = try TestPKI()
        let leaf = try pki.leaf("laptop-1.acme.test", issuer: nil)
        for text in [leaf.pem, corp.root.pem + leaf.pem] {
            let sentence = refusal(text)
            #expect(sentence.hasPrefix("CN=laptop-1.acme.test is not a CA's certificate: upload that of the CA"))
        }
        let signer = try pki.ca("No Signer", extensions: ["keyUsage": "critical,cRLSign"])
        #expect(refusal(signer.pem).contains("CN=No Signer is not a CA's"))
    }

    @Test("has a key that is used, or nothing under it would ever be valid")
    func key() throws {
        let modulus = [UInt8](repeating: 0xff, count: 256)
        let keys: [(info: [UInt8], refusal: KeyRefusal)] = [
            (DER.rsaKeyInfo(modulus: modulus, exponent: [1]), .unfitExponent),
            (DER.rsaKeyInfo(modulus: Array(modulus.dropLast()), exponent: [1, 0, 1]), .modulusTooShort),
        ]
        for key in keys {
            let root = try Issued.root("Odd Root") { $0.publicKeyInfo = key.info }
            let sentence = refusal(corp.root.pem + pem("CERTIFICATE", root.der))
            #expect(sentence.hasPrefix("the key of CN=Odd Root is not used"))
            #expect(sentence.contains(key.refusal.description))
        }
    }

    @Test(
        "is refused where it cannot be read as certificates",
        arguments: [
            "", "no PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n",
        ]
    )
    func unreadable(text: String) {
        #expect(refusal(text).hasPrefix("the certificates cannot be read as PEM"))
    }

    @Test("has one certificate to thirty-two")
    func count() throws {
        #expect(try take(String(repeating: corp.root.pem, count: 32)).certificates.count == 1)
        #expect(refusal(String(repeating: corp.root.pem, count: 33)).hasPrefix("there are 33 certificates; 32"))
    }

    @Test("has a name of 1 to 128 printable characters")
    func name() throws {
        for name in ["a", "Corp Root G2 (ECDSA), läptops", String(repeating: "ä", count: 128)] {
            #expect(try take(corp.root.pem, name: name).name == name)
        }
        for name in ["", "   ", "a\nb", "a\u{1B}[31m", "a\u{202E}b", String(repeating: "a", count: 129)] {
            #expect(refusal(corp.root.pem, name: name) == "the name is 1 to 128 printable characters")
        }
    }

    @Test(
        "has its signature named as Cloudflare names it, or as OpenSSL does",
        arguments: [
            ("sha256WithRSAEncryption", "SHA256WithRSA"), ("sha512WithRSAEncryption", "SHA512WithRSA"),
            ("ecdsa-with-SHA256", "ECDSAWithSHA256"), ("ecdsa-with-SHA384", "ECDSAWithSHA384"),
            ("ED25519", "ED25519"), ("rsassaPss", "rsassaPss"),
        ]
    )
    func signatureNames(openssl: String, cloudflare: String) {
        #expect(cloudflareName(ofSignature: openssl) == cloudflare)
    }
}
