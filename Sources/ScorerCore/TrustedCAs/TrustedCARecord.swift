internal import OpenSSLBridge
package import PostureModel
internal import ScorerModel

/// A trusted CA in the form in which Cloudflare's API shows an mTLS certificate.
///
/// The fields of the certificate are those of the first one.
///
/// - SeeAlso: <https://developers.cloudflare.com/api/resources/mtls_certificates/>
package struct TrustedCARecord: Sendable, Equatable, Encodable {
    /// A UUID in lower case.
    package let id: String
    /// What people call it.
    package let name: String
    /// The issuer's name in the form of RFC 2253; blank where the certificate cannot be read.
    package let issuer: String
    /// The signature's algorithm, such as `SHA256WithRSA`.
    package let signature: String
    /// The serial number, in decimal as Cloudflare has it.
    package let serialNumber: String
    /// When the certificate expires; nil where that is not a time.
    package let expiresOn: Timestamp?
    /// When it was added.
    package let uploadedOn: Timestamp
    /// The certificates as PEM.
    package let certificates: String

    init(_ stored: StoredCA) {
        let first = try? Certificate.parse(pem: stored.certificates).first
        id = stored.id
        name = stored.name
        issuer = first?.issuer ?? ""
        signature = first.map { cloudflareName(ofSignature: $0.signatureAlgorithmName) } ?? ""
        serialNumber = first?.decimalSerialNumber ?? ""
        expiresOn = first?.notAfter
        uploadedOn = stored.addedAt
        certificates = stored.certificates
    }

    private enum CodingKeys: String, CodingKey {
        case id, name, issuer, signature, ca, certificates
        case serialNumber = "serial_number"
        case expiresOn = "expires_on"
        case uploadedOn = "uploaded_on"
    }

    /// Writes the record with its times in RFC 3339.
    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(id, forKey: .id)
        try object.encode(name, forKey: .name)
        try object.encode(issuer, forKey: .issuer)
        try object.encode(signature, forKey: .signature)
        try object.encode(serialNumber, forKey: .serialNumber)
        try object.encode(expiresOn?.description, forKey: .expiresOn)
        try object.encode(uploadedOn.description, forKey: .uploadedOn)
        try object.encode(true, forKey: .ca)
        try object.encode(certificates, forKey: .certificates)
    }
}

/// Cloudflare's name of a signature's algorithm, or OpenSSL's where Cloudflare's is not known.
func cloudflareName(ofSignature name: String) -> String {
    if name.hasPrefix("ecdsa-with-SHA") { return "ECDSAWith\(name.dropFirst("ecdsa-with-".count))" }
    if name.hasPrefix("sha"), name.hasSuffix("WithRSAEncryption") {
        return "SHA\(name.dropFirst("sha".count).dropLast("Encryption".count))"
    }
    return name
}
