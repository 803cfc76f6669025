internal import OpenSSLBridge
internal import PostureModel
package import Verification

/// What both programs say about a certificate check, in the same words.
///
/// ```toml
/// [[check]]
/// id = "corp"
/// common_name = "${serial_number}.corp.example"
/// trusted = ["/etc/postured/ca.pem"]
/// extended_key_usage = ["clientAuth"]
/// ```
///
/// `Trusted` is what names a trusted CA: a file in the agent's configuration, an id in the scorer's.
package struct CheckTable<Trusted: Sendable & Decodable>: Sendable, Decodable {
    /// Names the check in reports, headers and logs: 1 to 64 letters, digits, `-`, `_` and `.`.
    package var id: String
    /// The directory of the NSS database: like the four keys after it, of the agent's checks only.
    package var database: DatabasePath?
    /// The systemd credential that holds the database's password.
    package var databasePasswordCredential: String?
    /// The name of the certificate in the database, to look for it by that alone.
    package var nickname: String?
    /// A file with the certificate, in the place of a database.
    package var certificateFile: AbsolutePath?
    /// The file with its private key, where that is another.
    package var privateKeyFile: AbsolutePath?
    /// The common name that the subject must have; any if left out.
    package var commonName: String?
    /// Names, one of which must be a subject alternative name; any if left out.
    var subjectAlternativeNames: [String]?
    /// Names or OIDs; `clientAuth` if left out.
    var extendedKeyUsage: [String]?
    /// The trusted CAs, at least one.
    package var trusted: [Trusted]
    /// Files of further intermediates.
    package var intermediates: [AbsolutePath]?
    /// Files of CRLs.
    package var crls: [AbsolutePath]?
    /// What becomes of a certificate that no CRL speaks of; `hard` if left out.
    var crlFailure: Revocation.FailureMode?
    /// How long before it expires a certificate is warned of; 14 days if left out.
    var expiryWarning: TimeSpan?

    private enum CodingKeys: String, CodingKey {
        case id, database, nickname, trusted, intermediates, crls
        case databasePasswordCredential = "database_password_credential"
        case certificateFile = "certificate_file"
        case privateKeyFile = "private_key_file"
        case commonName = "common_name"
        case subjectAlternativeNames = "subject_alternative_names"
        case extendedKeyUsage = "extended_key_usage"
        case crlFailure = "crl_failure"
        case expiryWarning = "expiry_warning"
    }

    /// Checks every key and reads the files, but for what is trusted, which each program knows where to find.
    package func requirements(of file: ConfigurationFile) throws(ConfigurationError) -> CertificateRequirements {
        guard (1...64).contains(id.utf8.count), id.utf8.allSatisfy(Self.isPlain) else {
            throw file.error("check.id", "'\(id)' is not 1 to 64 letters, digits, '-', '_' and '.'")
        }
        guard ![ProtectedHeader.deviceRole, ProtectedHeader.newKeyRole].contains(id) else {
            throw file.error("check.id", "'\(id)' is not allowed: it is the role of another signature of a message")
        }
        guard !trusted.isEmpty else { throw file.error("check.trusted", "names no CA: no certificate could be valid") }
        let usages = (extendedKeyUsage ?? ["clientAuth"]).map { ($0, ExtendedKeyUsage.oid(named: $0)) }
        for (name, oid) in usages where oid == nil {
            throw file.error("check.extended_key_usage", "'\(name)' is neither clientAuth, emailProtection nor an OID")
        }
        guard crlFailure == nil || crls != nil else {
            throw file.error("check.crl_failure", "says nothing without crls")
        }
        let warning = expiryWarning ?? CertificateRequirements.standardExpiryWarning
        guard warning.seconds <= 3650 * 86_400 else { throw file.error("check.expiry_warning", "is at most 3650d") }
        return CertificateRequirements(
            trusted: [],
            intermediates: try certificates(in: intermediates ?? []),
            revocation: Revocation(lists: try revocationLists(in: crls ?? []), failureMode: crlFailure ?? .hard),
            names: try names(of: file),
            extendedKeyUsages: usages.compactMap(\.1),
            expiryWarning: warning
        )
    }

    private func names(of file: ConfigurationFile) throws(ConfigurationError) -> NamePatterns {
        func pattern(_ text: String, _ key: String) throws(ConfigurationError) -> NamePattern {
            do throws(NamePattern.Malformed) { return try NamePattern(text) } catch {
                throw file.error("check.\(key)", "'\(text.prefix(300))' \(error); leave it out to take any")
            }
        }
        let alternatives = subjectAlternativeNames ?? []
        guard alternatives.count <= 32 else { throw file.error("check.subject_alternative_names", "are at most 32") }
        var names = NamePatterns()
        if let commonName { names.commonName = try pattern(commonName, "common_name") }
        for text in alternatives { names.alternativeNames.append(try pattern(text, "subject_alternative_names")) }
        return names
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
