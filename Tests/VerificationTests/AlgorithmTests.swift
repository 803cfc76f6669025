import OpenSSLBridge
import TestSupport
import Testing
import Verification

@Suite("A certificate is strong enough")
struct AlgorithmTests {
    let pki: TestPKI

    init() throws { pki = try TestPKI() }

    @Test(
        "with a signature over SHA-256 and not over SHA-1 or MD5, below the trusted certificate",
        arguments: ["sha1", "md5"]
    )
    func digest(digest: String) throws {
        let root = try pki.ca("Corp Root", key: .rsa(2048), validity: Day.year2030)
        let weak = try pki.leaf("a.test", issuer: root, validity: Day.year2030, digest: digest)
        try judged(weak, trusted: [root]).expect(.weakAlgorithm, "CN=a.test is too weak: it is signed with \(digest)")
        let issuing = try pki.ca("Corp Issuing", issuer: root, validity: Day.year2030, digest: digest)
        let below = try pki.leaf("a.test", issuer: issuing, validity: Day.year2030)
        try judged(below, trusted: [root], carried: [issuing]).expect(
            .weakAlgorithm,
            "CN=Corp Issuing, above CN=a.test,"
        )
        // The signature of a trusted certificate says nothing: it was not asked for when it became trusted.
        #expect(try judged(below, trusted: [issuing]).chain()?.certificates.count == 2)
        let old = try pki.ca("Old Root", key: .rsa(2048), validity: Day.year2030, digest: digest)
        let leaf = try pki.leaf("a.test", issuer: old, validity: Day.year2030)
        #expect(try judged(leaf, trusted: [old]).chain() != nil)
    }

    @Test("with other digests", arguments: ["sha256", "sha384", "sha512"])
    func good(digest: String) throws {
        let root = try pki.ca("Corp Root", validity: Day.year2030)
        let leaf = try pki.leaf("a.test", issuer: root, validity: Day.year2030, digest: digest)
        #expect(try judged(leaf, trusted: [root]).chain() != nil)
    }

    @Test("with an RSA key of 2048 bits, and not of 1024, wherever it stands")
    func rsa() throws {
        let root = try pki.ca("Corp Root", validity: Day.year2030)
        let leaf = try pki.leaf("a.test", issuer: root, key: .rsa(1024), validity: Day.year2030)
        try judged(leaf, trusted: [root]).expect(.weakAlgorithm, "CN=a.test has a key that is not used", "RSA-1024")
        try judged(leaf, trusted: [leaf]).expect(.weakAlgorithm, "RSA-1024")
        let issuing = try pki.ca("Corp Issuing", issuer: root, key: .rsa(1024), validity: Day.year2030)
        let below = try pki.leaf("a.test", issuer: issuing, validity: Day.year2030)
        try judged(below, trusted: [root], carried: [issuing]).expect(.weakAlgorithm, "CN=Corp Issuing", "RSA-1024")
        try judged(below, trusted: [issuing]).expect(.weakAlgorithm, "CN=Corp Issuing", "RSA-1024")
    }

    @Test("with a key that is not of DSA, however long")
    func dsa() throws {
        let root = try Issued.root("Corp Root")
        func number(bits: Int) -> [UInt8] {
            tlv(0x02, [0x00, 0x80] + [UInt8](repeating: 0, count: bits / 8 - 2) + [0x01])
        }
        let parameters = DER.sequence(number(bits: 2048), number(bits: 256), DER.integer(2))
        let key = DER.sequence(
            DER.sequence(DER.oid("1.2.840.10040.4.1"), parameters),
            DER.bits(DER.integer(4))
        )
        let leaf = try root.leaf { $0.publicKeyInfo = key }
        #expect(try leaf.parsed().keyRefusal == .kind)
        try judged(leaf, trusted: [root]).expect(.weakAlgorithm, "its key is DSA-2048")
    }

    @Test("with a key that can be read at all")
    func noKey() throws {
        let root = try Issued.root("Corp Root")
        let curve = DER.sequence(DER.oid("1.2.840.10045.2.1"), DER.oid("1.2.3.4"))
        for key in [
            DER.sequence(curve, DER.bits([0x04])), DER.sequence(DER.sequence(DER.oid("1.2.3.4")), DER.bits([])),
        ] {
            try judged(root.leaf { $0.publicKeyInfo = key }, trusted: [root]).expect(
                .weakAlgorithm,
                "an unreadable key"
            )
            let issuing = try root.ca("Corp Issuing") { $0.publicKeyInfo = key }
            guard case .invalid = try judged(issuing.leaf(), trusted: [root], carried: [issuing]) else {
                Issue.record("accepted")
                continue
            }
        }
    }
}
