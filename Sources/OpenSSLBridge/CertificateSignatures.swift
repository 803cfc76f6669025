internal import PostureModel

/// The signatures of certificates that were verified in one judgement: none is verified twice.
package final class CertificateSignatures {
    /// How many were verified.
    package private(set) var count = 0
    private var known: [ObjectIdentifier: Entry] = [:]

    private struct Entry {
        /// Keeps the certificate alive, and with it the identifier that stands for it.
        let certificate: Certificate
        /// The key that made the signature.
        var signer: JWK?
        /// The keys that did not.
        var others: Set<JWK> = []
    }

    /// Creates a record without entries.
    package init() {}

    /// Whether the key of `issuer` made the signature of `certificate`; the names are not compared.
    ///
    /// At most `limit` keys are tried for one certificate: beyond them, no other key made its signature.
    package func isSigned(_ certificate: Certificate, by issuer: Certificate, limit: Int = .max) -> Bool {
        guard let key = try? issuer.key.get().jwk else { return false }
        var entry = known[ObjectIdentifier(certificate)] ?? Entry(certificate: certificate)
        // A signature has one signer.
        if let signer = entry.signer { return signer == key }
        if entry.others.contains(key) || entry.others.count >= limit { return false }
        count += 1
        let isSigned = certificate.isSigned(by: issuer)
        if isSigned { entry.signer = key } else { entry.others.insert(key) }
        known[ObjectIdentifier(certificate)] = entry
        return isSigned
    }
}
