public import OpenSSLBridge
public import Verification

/// What both programs say about a certificate check, in the same words.
///
/// ```toml
/// [[check]]
/// id = "corp"
/// common_name = "laptop-1.example.com"
/// trusted = ["/etc/postured/ca.pem"]
/// intermediates = []
/// extended_key_usage = ["clientAuth"]
/// ```
public struct CheckTable: Sendable, Decodable {
    /// Names the check in reports, headers and logs: 1 to 64 letters, digits, `-`, `_` and `.`.
    public var id: String
    /// The directory of the NSS database: of the agent's checks only.
    public var database: String?
    /// The common name that the subject must have; any if left out.
    public var commonName: String?
    /// PEM files of trusted CAs, at least one.
    public var trusted: [String]
    /// PEM files of further intermediates.
    public var intermediates: [String]?
    /// Names or OIDs; `clientAuth` if left out.
    public var extendedKeyUsage: [String]?

    private enum CodingKeys: String, CodingKey {
        case id, database, trusted, intermediates
        case commonName = "common_name"
        case extendedKeyUsage = "extended_key_usage"
    }

    /// Reads the certificates and checks every key.
    public func requirements(of file: ConfigurationFile) throws(ConfigurationError) -> CertificateRequirements {
        guard (1...64).contains(id.utf8.count), id != "device", id.utf8.allSatisfy(Self.isPlain) else {
            throw file.error("check.id", "'\(id)' is not 1 to 64 letters, digits, '-', '_' and '.', or is 'device'")
        }
        if let commonName {
            guard !commonName.isEmpty, commonName.utf8.count <= 256 else {
                throw file.error("check.common_name", "is empty or longer than 256 bytes; leave it out to take any")
            }
            guard !commonName.contains("${") else {
                throw file.error("check.common_name", "variables such as '${serial_number}' are not understood yet")
            }
        }
        guard !trusted.isEmpty else { throw file.error("check.trusted", "names no CA: no certificate could be valid") }
        let usages = (extendedKeyUsage ?? ["clientAuth"]).map { ($0, ExtendedKeyUsage.oid(named: $0)) }
        for (name, oid) in usages where oid == nil {
            throw file.error("check.extended_key_usage", "'\(name)' is neither clientAuth, emailProtection nor an OID")
        }
        return CertificateRequirements(
            trusted: try Self.certificates(in: trusted),
            intermediates: try Self.certificates(in: intermediates ?? []),
            commonName: commonName,
            extendedKeyUsages: usages.compactMap(\.1)
        )
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// The certificates of PEM files; an error names the file that is not there or holds none.
    public static func certificates(in paths: [String]) throws(ConfigurationError) -> [Certificate] {
        var certificates: [Certificate] = []
        for path in paths {
            let pem = String(decoding: try readFile(path), as: UTF8.self)
            do throws(OpenSSLError) { certificates += try Certificate.parse(pem: pem) } catch {
                throw ConfigurationError(path, "holds no certificate in PEM that can be read (\(error))")
            }
        }
        return certificates
    }
}
