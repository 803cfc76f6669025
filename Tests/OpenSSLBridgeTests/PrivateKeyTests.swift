import OpenSSLBridge
import PostureModel
import TestSupport
import Testing

@Suite("A private key in PEM")
struct PrivateKeyTests {
    @Test("is the same after writing and reading", arguments: [PrivateKey.Kind.p256, .p384, .rsa(bits: 2048)])
    func roundTrip(kind: PrivateKey.Kind) throws {
        let key = try PrivateKey.generate(kind)
        let pem = try key.pem()
        #expect(pem.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        let again = try PrivateKey(pem: pem)
        #expect(again.publicKey.jwk == key.publicKey.jwk)
        #expect(key.publicKey.verifies(try again.sign([1]), over: [1], algorithm: key.publicKey.jwk.algorithm))
    }

    @Test("may be one that the openssl program made, in the traditional form too")
    func foreign() throws {
        let directory = try TemporaryDirectory("key")
        let file = directory.file("key.pem")
        try runTool("openssl", ["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", file])
        let pem = String(decoding: try contents(of: file), as: UTF8.self)
        #expect(pem.hasPrefix("-----BEGIN EC PRIVATE KEY-----"))
        #expect(try PrivateKey(pem: pem).publicKey.jwk.algorithm == .es256)
    }

    @Test("may be in DER, PKCS #8 or traditional, and nothing may follow it")
    func der() throws {
        let directory = try TemporaryDirectory("key")
        let key = try PrivateKey.generate(.p256)
        let plain = try directory.write(key.pem().utf8, to: "plain.pem")
        for command in [["pkcs8", "-topk8", "-nocrypt"], ["ec"]] {
            let file = directory.file("key.der")
            try runTool("openssl", command + ["-in", plain, "-outform", "DER", "-out", file])
            #expect(try PrivateKey(contents(of: file)).publicKey.jwk == key.publicKey.jwk)
            #expect(throws: PEMError.self) { try PrivateKey(contents(of: file) + [0]) }
        }
    }

    @Test("that needs a password is refused, and nobody is asked", arguments: [true, false])
    func encrypted(isPKCS8: Bool) throws {
        let directory = try TemporaryDirectory("key")
        let plain = try directory.write(PrivateKey.generate(.p256).pem().utf8, to: "plain.pem")
        let command = isPKCS8 ? ["pkcs8", "-topk8"] : ["ec", "-aes256"]
        let file = directory.file("encrypted.pem")
        try runTool("openssl", command + ["-in", plain, "-out", file, "-passout", "pass:secret"])
        let pem = String(decoding: try contents(of: file), as: UTF8.self)
        #expect(pem.contains("ENCRYPTED"))
        #expect(throws: PEMError.other(.encryptedPrivateKey, isDER: false, insteadOf: .privateKey)) {
            try PrivateKey(pem: pem)
        }
        try runTool("openssl", command + ["-in", plain, "-outform", "DER", "-out", file, "-passout", "pass:secret"])
        guard isPKCS8 else { return }
        #expect(throws: PEMError.other(.encryptedPrivateKey, isDER: true, insteadOf: .privateKey)) {
            try PrivateKey(contents(of: file))
        }
    }

    @Test("is refused where it is none")
    func garbage() throws {
        let pem = try PrivateKey.generate(.p256).pem()
        let certificate = try TestPKI().ca("Corp Root").pem
        let texts = [
            "", "garbage", "\0\0\0", certificate, String(pem.dropLast(40)), pem.replacing("MIG", with: "AAA"),
            pem.replacing("-----BEGIN PRIVATE", with: "-----BEGIN RSA PRIVATE"), pem + pem,
        ]
        for text in texts {
            #expect(throws: PEMError.self, "\(text.prefix(30))") { try PrivateKey(pem: text) }
        }
    }

    @Test("is refused where it is of a kind that is not used here")
    func otherKinds() throws {
        let kinds = [
            ["-algorithm", "ED25519"], ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"],
            ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
            ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"], ["-algorithm", "RSA-PSS"],
        ]
        for kind in kinds {
            let pem = try runTool("openssl", ["genpkey"] + kind).text
            #expect(throws: PEMError.self, "\(kind)") { try PrivateKey(pem: pem) }
        }
    }

    @Test("that was refused leaves nothing behind for the next error")
    func errorQueue() throws {
        let first = #expect(throws: PEMError.self) { try PrivateKey(pem: "garbage") }
        let second = #expect(throws: PEMError.self) { try PrivateKey(pem: "garbage") }
        #expect(first == .neither)
        #expect(first == second)
    }
}
