package import PostureModel

/// The newest list of revoked certificates of one issuer, as the store keeps it.
///
/// A scorer never goes back to an older list, also when it starts with older files.
package struct StoredCRL: Sendable, Equatable {
    /// The SHA-256 of the issuer's public key, as ``ChainLink/issuerKey`` has it.
    package let issuerKey: String
    /// When the list was made (RFC 5280 §5.1.2.4).
    package let thisUpdate: Timestamp
    /// The list in DER.
    package let der: [UInt8]

    /// Creates a list at rest.
    package init(issuerKey: String, thisUpdate: Timestamp, der: [UInt8]) {
        (self.issuerKey, self.thisUpdate, self.der) = (issuerKey, thisUpdate, der)
    }
}
