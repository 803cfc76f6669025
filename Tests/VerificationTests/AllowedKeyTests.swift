import OpenSSLBridge
import PostureModel
import TestSupport
import Testing
import Verification

/// One set of keys is allowed, for every use (``KeyRefusal``).
@Suite("A key that is not allowed is no key")
struct AllowedKeyTests {
    /// A key as certificates have it, and why it is refused.
    struct Unfit: Sendable, CustomTestStringConvertible {
        let refusal: KeyRefusal
        let testDescription: String
        let info: [UInt8]
    }

    private static let modulus = [UInt8](repeating: 0xff, count: 256)

    private static func rsa(_ modulus: [UInt8], _ exponent: [UInt8]) -> [UInt8] {
        DER.rsaKeyInfo(modulus: modulus, exponent: exponent)
    }

    private static func made(_ algorithm: String, _ options: String...) throws -> [UInt8] {
        let options = options.flatMap { ["-pkeyopt", $0] }
        let pem = try runTool("openssl", ["genpkey", "-quiet", "-algorithm", algorithm] + options).text
        let directory = try TemporaryDirectory("unfit-key")
        let path = try directory.write(pem.utf8, to: "key.pem")
        return try runTool("openssl", ["pkey", "-in", path, "-pubout", "-outform", "DER"]).bytes
    }

    static func unfit() throws -> [Unfit] {
        let (even, n) = (Array(modulus.dropLast()) + [0xfe], modulus)
        let curve = DER.sequence(DER.oid("1.2.840.10045.2.1"), DER.oid("1.2.840.10045.3.1.7"))
        return [
            Unfit(refusal: .unfitExponent, testDescription: "exponent 1", info: rsa(n, [1])),
            Unfit(refusal: .unfitExponent, testDescription: "exponent 2", info: rsa(n, [2])),
            Unfit(refusal: .unfitExponent, testDescription: "exponent 65536", info: rsa(n, [1, 0, 0])),
            Unfit(refusal: .unfitExponent, testDescription: "exponent 0", info: rsa(n, [0])),
            Unfit(refusal: .exponentTooLong, testDescription: "exponent of 33 bits", info: rsa(n, [1, 0, 0, 0, 1])),
            Unfit(refusal: .exponentTooLong, testDescription: "exponent of 2048 bits", info: rsa(n, n)),
            Unfit(refusal: .evenModulus, testDescription: "even modulus", info: rsa(even, [1, 0, 1])),
            Unfit(refusal: .modulusTooShort, testDescription: "2040 bits", info: rsa(Array(n.dropLast()), [3])),
            Unfit(
                refusal: .modulusTooLong,
                testDescription: "8200 bits",
                info: rsa([UInt8](repeating: 0xff, count: 1025), [3])
            ),
            Unfit(
                refusal: .encoding,
                testDescription: "negative modulus",
                info: DER.sequence(
                    DER.sequence(DER.oid("1.2.840.113549.1.1.1"), [0x05, 0x00]),
                    DER.bits(DER.sequence(tlv(0x02, n), tlv(0x02, [3])))
                )
            ),
            Unfit(refusal: .kind, testDescription: "Ed25519", info: try made("ED25519")),
            Unfit(refusal: .kind, testDescription: "Ed448", info: try made("ED448")),
            Unfit(refusal: .kind, testDescription: "X25519", info: try made("X25519")),
            Unfit(refusal: .kind, testDescription: "RSA-PSS", info: try made("RSA-PSS", "rsa_keygen_bits:2048")),
            Unfit(refusal: .curve, testDescription: "P-521", info: try made("EC", "ec_paramgen_curve:P-521")),
            Unfit(refusal: .curve, testDescription: "P-224", info: try made("EC", "ec_paramgen_curve:P-224")),
            Unfit(refusal: .curve, testDescription: "secp256k1", info: try made("EC", "ec_paramgen_curve:secp256k1")),
            Unfit(
                refusal: .curve,
                testDescription: "brainpool",
                info: try made("EC", "ec_paramgen_curve:brainpoolP512r1")
            ),
            Unfit(
                refusal: .explicitCurve,
                testDescription: "P-256, spelt out",
                info: try made("EC", "ec_paramgen_curve:P-256", "ec_param_enc:explicit")
            ),
            Unfit(
                refusal: .pointAtInfinity,
                testDescription: "point at infinity",
                info: DER.sequence(curve, DER.bits([0]))
            ),
            Unfit(
                refusal: .unreadable,
                testDescription: "point off its curve",
                info: DER.sequence(curve, DER.bits([4] + [UInt8](repeating: 1, count: 64)))
            ),
        ]
    }

    @Test("as a leaf, an intermediate, and a trusted CA", arguments: try unfit())
    func chain(unfit: Unfit) throws {
        let root = try Issued.root("Corp Root")
        let leaf = try root.leaf { $0.publicKeyInfo = unfit.info }
        #expect(try leaf.parsed().keyRefusal == unfit.refusal)
        #expect(throws: OpenSSLError.self) { try leaf.parsed().publicKey() }
        try judged(leaf, trusted: [root]).expect(.weakAlgorithm, "CN=laptop-1.acme.test", unfit.refusal.description)
        let issuing = try root.ca("Corp Issuing") { $0.publicKeyInfo = unfit.info }
        try judged(issuing.leaf(), trusted: [root], carried: [issuing])
            .expect(.weakAlgorithm, "CN=Corp Issuing", unfit.refusal.description)
        try judged(issuing.leaf(), trusted: [issuing]).expect(.weakAlgorithm, "CN=Corp Issuing")
        let trusted = try Issued.root("Bad Root") { $0.publicKeyInfo = unfit.info }
        try judged(trusted.leaf(), trusted: [trusted]).expect(.weakAlgorithm, "CN=Bad Root")
        let below = try trusted.ca("Below")
        try judged(below.leaf(), trusted: [trusted], carried: [below]).expect(.weakAlgorithm, "CN=Bad Root")
    }

    @Test("nothing is verified with it", arguments: try unfit())
    func neverUsed(unfit: Unfit) throws {
        let root = try Issued.root("Corp Root") { $0.publicKeyInfo = unfit.info }
        let issuing = try root.ca("Corp Issuing") { $0.publicKeyInfo = unfit.info }
        let list = try #require(try RevocationList.parse(root.list()).first)
        let (leaf, issuer, anchor) = (try issuing.leaf(), try issuing.parsed(), try root.parsed())
        let certificate = try leaf.parsed()
        let meter = SignatureMeter()
        meter.run {
            #expect(!certificate.isSigned(by: issuer))
            #expect(!list.isSigned(by: anchor))
        }
        #expect(meter.value == 0)
        let judging = SignatureMeter()
        _ = try judging.run { try judged(leaf, trusted: [root], carried: [issuing, root]) }
        #expect(judging.value == 0)
    }

    @Test("a signature that fits an exponent of 1 is none")
    func forged() throws {
        // m^1 = m: the bare padding of RFC 8017 §9.2 is its own signature.
        let message = Array("message".utf8)
        let prefix: [UInt8] = [
            0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
            0x20,
        ]
        let info = prefix + Digest.sha256(message)
        let padded = [0x00, 0x01] + [UInt8](repeating: 0xff, count: 256 - 3 - info.count) + [0x00] + info
        #expect(padded.count == 256)
        #expect(throws: OpenSSLError.self) {
            try PublicKey(.rsa(modulus: Self.modulus, exponent: [1]))
                .verifies(padded, over: message, algorithm: .rs256)
        }
    }

    @Test("and those of the set are good at every place", arguments: [TestPKI.Key.p256, .p384, .rsa(2048), .rsa(4096)])
    func allowed(key: TestPKI.Key) throws {
        let pki = try TestPKI()
        let root = try pki.ca("Corp Root", key: key, validity: Day.year2030)
        let issuing = try pki.ca("Corp Issuing", issuer: root, key: key, validity: Day.year2030)
        let leaf = try pki.leaf("laptop-1.acme.test", issuer: issuing, key: key, validity: Day.year2030)
        #expect(try judged(leaf, trusted: [root], carried: [issuing]).chain() != nil)
    }
}
