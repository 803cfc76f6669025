import OpenSSLBridge
import PostureModel
import TestSupport
import Verification

/// A company's certificates, valid from 2026 to 2036; made once for all tests.
struct TestCorp: Sendable {
    /// A certificate with its key.
    struct Identity: Sendable {
        let der: [UInt8]
        let keyPEM: String

        init(_ certificate: TestCertificate) { (der, keyPEM) = (certificate.der, certificate.keyPEM) }
    }

    let rootPEM: String
    let leaf: Identity
    /// A certificate of the same name by another CA.
    let strangeLeaf: Identity

    private static let made = Result { try TestCorp() }

    static func shared() throws -> TestCorp { try made.get() }

    private init() throws {
        let years = TestPKI.Validity.between("20260101000000Z", "20360101000000Z")
        let pki = try TestPKI()
        let root = try pki.ca("Corp Root", validity: years)
        rootPEM = root.pem
        leaf = Identity(try pki.leaf("laptop-1.acme.test", issuer: root, validity: years))
        let stranger = try pki.ca("Another Root", validity: years)
        strangeLeaf = Identity(try pki.leaf("laptop-1.acme.test", issuer: stranger, validity: years))
    }

    /// One check, `corp`, that trusts the root.
    func checks() throws -> [String: CertificateRequirements] {
        ["corp": CertificateRequirements(trusted: try Certificate.parse(pem: rootPEM))]
    }

    /// What signs as the certificate `leaf`.
    func proof(by leaf: Identity) throws -> TestDevice.Proof {
        TestDevice.Proof(role: "corp", key: try PrivateKey(pem: leaf.keyPEM), certificates: [leaf.der])
    }
}
