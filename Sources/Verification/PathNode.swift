internal import OpenSSLBridge

/// A certificate that may stand in a chain, with what is asked of it over and over.
struct PathNode: Sendable {
    let certificate: Certificate
    /// Its place among all: its name in caches.
    let index: Int
    /// The same number for the same public key.
    let key: Int
    /// How many steps of subject to issuer lead to a trusted certificate, by names alone; nil where none do.
    let distance: Int?
    /// The most keys that are tried on its signature.
    let keyLimit: Int
    let issuerHash: UInt
    let subjectHash: UInt
    private let keyIdentifier: [UInt8]?
    private let issuerKeyIdentifier: [UInt8]?

    init(_ certificate: Certificate, index: Int, key: Int, distance: Int?, keyLimit: Int) {
        self.keyLimit = keyLimit
        self.certificate = certificate
        self.index = index
        self.key = key
        self.distance = distance
        issuerHash = certificate.issuerHash
        subjectHash = certificate.subjectHash
        keyIdentifier = certificate.subjectKeyIdentifier
        issuerKeyIdentifier = certificate.authorityKeyIdentifier
    }

    var isTrusted: Bool { distance == 0 }

    /// Whether both have the same subject and the same key.
    func isSameEntity(as other: PathNode) -> Bool {
        key == other.key && subjectHash == other.subjectHash
    }

    /// Whether names and key identifiers allow that `issuer` signed this.
    func mayBeSigned(by issuer: PathNode) -> Bool {
        if let issuerKeyIdentifier, let has = issuer.keyIdentifier, issuerKeyIdentifier != has { return false }
        return certificate.names(issuer: issuer.certificate)
    }
}
