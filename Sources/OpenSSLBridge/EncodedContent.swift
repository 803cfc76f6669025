internal import COpenSSL

/// What a block of PEM, or a file in DER, holds.
package enum EncodedContent: Sendable, Equatable, CustomStringConvertible {
    case certificate
    /// A certificate with OpenSSL's own trust settings behind it.
    case trustedCertificate
    case revocationList
    case privateKey
    case encryptedPrivateKey
    /// A private key in the form of OpenSSH, or one that only another program can use.
    case foreignPrivateKey
    case publicKey
    case certificateRequest
    /// A message of PKCS #7 or CMS, which may hold certificates and CRLs.
    case pkcs7
    /// A store of PKCS #12, with a password.
    case pkcs12
    /// Parameters of a key: they say nothing without one.
    case parameters
    /// Something with a label that is not known here.
    case unknown

    /// The content of a PEM block (RFC 7468 §§5–13, and the labels of PEM_read_bio(3)).
    init(label: String, isEncrypted: Bool) {
        switch label {
        case "CERTIFICATE", "X509 CERTIFICATE": self = isEncrypted ? .unknown : .certificate
        case "TRUSTED CERTIFICATE": self = .trustedCertificate
        case "X509 CRL": self = isEncrypted ? .unknown : .revocationList
        case "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY":
            self = isEncrypted ? .encryptedPrivateKey : .privateKey
        case "ENCRYPTED PRIVATE KEY": self = .encryptedPrivateKey
        case "PUBLIC KEY", "RSA PUBLIC KEY", "DSA PUBLIC KEY": self = .publicKey
        case "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST": self = .certificateRequest
        case "PKCS7", "PKCS #7 SIGNED DATA", "CMS": self = .pkcs7
        case "EC PARAMETERS", "DH PARAMETERS", "X9.42 DH PARAMETERS", "DSA PARAMETERS": self = .parameters
        case _ where label.hasSuffix("PRIVATE KEY"): self = .foreignPrivateKey
        default: self = .unknown
        }
    }

    /// The content of a file in DER, or in BER; nil where it is none of these.
    init?(ofDER bytes: [UInt8]) {
        ERR_clear_error()
        defer { ERR_clear_error() }
        switch unsafe COpenSSL_content_of_der(bytes, bytes.count) {
        case COpenSSL_certificate: self = .certificate
        case COpenSSL_crl: self = .revocationList
        case COpenSSL_request: self = .certificateRequest
        case COpenSSL_pkcs7: self = .pkcs7
        case COpenSSL_pkcs12: self = .pkcs12
        case COpenSSL_encrypted_key: self = .encryptedPrivateKey
        case COpenSSL_private_key: self = .privateKey
        case COpenSSL_public_key_info: self = .publicKey
        default: return nil
        }
    }

    /// Whether bytes hold a private key, in DER or in PEM of whatever form, malformed too; PKCS #12 counts as one.
    package static func hasPrivateKey(_ bytes: [UInt8]) -> Bool {
        // "PRIVATE KEY", "RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY" and what else there is, also in UTF-16.
        let label = Array("PRIVATE KEY-----".utf8)
        if bytes.firstRange(of: label) != nil || bytes.filter({ $0 != 0 }).firstRange(of: label) != nil { return true }
        guard bytes.first == 0x30 else { return false }
        switch EncodedContent(ofDER: bytes) {
        case .privateKey, .encryptedPrivateKey, .pkcs12: return true
        default: return false
        }
    }

    /// Whether `wanted` may be in it, so that a reader who passes it over may miss something.
    func mayHold(_ wanted: EncodedContent) -> Bool {
        switch self {
        case .unknown: true
        case .pkcs7: wanted == .certificate || wanted == .revocationList
        case .trustedCertificate: wanted == .certificate
        case .encryptedPrivateKey, .foreignPrivateKey: wanted == .privateKey
        default: false
        }
    }

    /// The content in words.
    package var description: String {
        switch self {
        case .certificate: "certificate"
        case .trustedCertificate: "certificate with OpenSSL's trust settings (BEGIN TRUSTED CERTIFICATE)"
        case .revocationList: "CRL"
        case .privateKey: "private key"
        case .encryptedPrivateKey: "encrypted private key"
        case .foreignPrivateKey: "private key in the form of another program"
        case .publicKey: "public key"
        case .certificateRequest: "certificate request"
        case .pkcs7: "PKCS #7 (.p7b, .p7c)"
        case .pkcs12: "PKCS #12 (.p12, .pfx)"
        case .parameters: "parameters of a key"
        case .unknown: "block of PEM with a label that is not known here"
        }
    }

    /// The content with its article.
    var name: String {
        switch self {
        case .pkcs7, .pkcs12, .parameters: description
        case .encryptedPrivateKey: "an \(self)"
        default: "a \(self)"
        }
    }
}
