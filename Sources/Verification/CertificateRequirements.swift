package import OpenSSLBridge
package import PostureModel

/// What one certificate check demands of a certificate, whoever asks: the agent of what it finds, the scorer of what
/// it is shown.
package struct CertificateRequirements: Sendable {
    /// The CAs that a chain may end at: roots or issuing CAs.
    package var trusted: [Certificate]
    /// Certificates that may stand between, besides those that come with the leaf.
    package var intermediates: [Certificate]
    /// What is known to be revoked.
    package var revocation: Revocation
    /// The names that the leaf must have.
    package var names: NamePatterns
    /// The extended key usages that the leaf must have, all of them, as dotted OIDs.
    package var extendedKeyUsages: [String]
    /// Whether the leaf may be a CA's own certificate: of no use for a device, and nothing that RFC 5280 forbids.
    package var allowsCA: Bool
    /// How long before the chain ends a warning is given.
    package var expiryWarning: TimeSpan
    /// The warning time where nothing else is configured: 14 days.
    package static let standardExpiryWarning = TimeSpan(seconds: 14 * 86_400)

    /// Creates requirements.
    package init(
        trusted: [Certificate],
        intermediates: [Certificate] = [],
        revocation: Revocation = Revocation(),
        names: NamePatterns = .any,
        extendedKeyUsages: [String] = [ExtendedKeyUsage.clientAuth],
        allowsCA: Bool = false,
        expiryWarning: TimeSpan = standardExpiryWarning
    ) {
        self.trusted = trusted
        self.intermediates = intermediates
        self.revocation = revocation
        self.names = names
        self.extendedKeyUsages = extendedKeyUsages
        self.allowsCA = allowsCA
        self.expiryWarning = expiryWarning
    }
}

extension CertificateRequirements {
    /// The same requirements for a registration, for which a CRL that is out of date does not serve.
    var forRegistration: CertificateRequirements {
        var strict = self
        strict.revocation.leeway.overdue = 0
        return strict
    }
}

/// Extended key usages by name (RFC 5280 §4.2.1.12).
package enum ExtendedKeyUsage {
    /// TLS client authentication.
    package static let clientAuth = "1.3.6.1.5.5.7.3.2"
    /// E-mail protection.
    package static let emailProtection = "1.3.6.1.5.5.7.3.4"
    /// Any usage: for a CA, no restriction; for a leaf, no usage in particular.
    static let any = "2.5.29.37.0"

    private static let names = [
        clientAuth: "clientAuth", emailProtection: "emailProtection", any: "anyExtendedKeyUsage",
        "1.3.6.1.5.5.7.3.1": "serverAuth", "1.3.6.1.5.5.7.3.3": "codeSigning", "1.3.6.1.5.5.7.3.8": "timeStamping",
        "1.3.6.1.5.5.7.3.9": "OCSPSigning",
    ]

    /// The OID of a name, or of an OID in dotted form; nil for anything else.
    package static func oid(named name: String) -> String? {
        if let known = names.first(where: { $0.value == name }) { return known.key }
        let arcs = name.split(separator: ".", omittingEmptySubsequences: false)
        return arcs.count >= 2 && arcs.allSatisfy({ UInt64($0) != nil }) ? name : nil
    }

    /// The name of an OID, or the OID.
    static func name(of oid: String) -> String { names[oid] ?? oid }
}
