internal import OpenSSLBridge
internal import PostureModel
package import TestSupport

/// A company's certificates, valid from 2026 to 2036; made once for all tests.
package struct TestCorp: Sendable {
    /// A certificate with its key.
    package struct Identity: Sendable {
        package let der: [UInt8]
        package let keyPEM: String

        package init(_ certificate: TestCertificate) { (der, keyPEM) = (certificate.der, certificate.keyPEM) }
    }

    package let root: TestCertificate
    /// A CA below the root, and a certificate of it.
    package let issuing: TestCertificate
    package let deepLeaf: Identity
    package let leaf: Identity
    /// Certificates that carry the serial number PF0FAKE1: two, as a CA may issue them.
    package let serialLeaves: [Identity]
    /// A certificate of the same name by another CA.
    package let strangeLeaf: Identity
    package let strangeRoot: TestCertificate

    private static let made = Result { try TestCorp() }

    package static func shared() throws -> TestCorp { try made.get() }

    private init() throws {
        let pki = try TestPKI()
        root = try pki.ca("Corp Root", validity: .years)
        issuing = try pki.ca("Corp Issuing", issuer: root, validity: .years)
        deepLeaf = Identity(try pki.leaf("laptop-2.acme.test", issuer: issuing, validity: .years))
        leaf = Identity(try pki.leaf("laptop-1.acme.test", issuer: root, validity: .years))
        let root = root
        serialLeaves = try (1...2).map { _ in
            Identity(try pki.leaf("PF0FAKE1.acme.test", issuer: root, validity: .years))
        }
        strangeRoot = try pki.ca("Another Root", validity: .years)
        strangeLeaf = Identity(try pki.leaf("laptop-1.acme.test", issuer: strangeRoot, validity: .years))
    }

    /// What signs as the certificate `leaf`, with the CAs that come along.
    package func proof(by leaf: Identity, above: [TestCertificate] = []) throws -> TestDevice.Proof {
        let chain = [leaf.der] + above.map(\.der)
        return TestDevice.Proof(role: "corp", key: try PrivateKey(pem: leaf.keyPEM), certificates: chain)
    }
}
