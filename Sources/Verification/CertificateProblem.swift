internal import OpenSSLBridge
internal import PostureModel

/// Why a certificate does not meet the requirements: for machines a code, for people what to mend first.
public struct CertificateProblem: Sendable, Equatable {
    /// The kinds there are; the raw value is stable.
    public enum Code: String, Sendable, CaseIterable {
        case notFound = "not_found"
        case unreadable
        case wrongName = "wrong_name"
        case expired
        case notYetValid = "not_yet_valid"
        case issuerUnknown = "issuer_unknown"
        case untrustedIssuer = "untrusted_issuer"
        case badSignature = "bad_signature"
        case missingUsage = "missing_usage"
        case unsuitable
        case noPrivateKey = "no_private_key"
        case privateKeyUnreadable = "private_key_unreadable"
        case noProof = "no_proof"
        case badProof = "bad_proof"
        case noCertificate = "no_certificate"
    }

    /// The kind of problem.
    public let code: Code
    /// A sentence that names the certificate, what is wrong, and what to do.
    public let reason: String

    /// Creates a problem.
    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    static func wrongName(of leaf: Certificate, expected: String) -> CertificateProblem {
        CertificateProblem(
            .wrongName,
            "the certificate is for \(leaf.subject), not for the common name '\(expected)' that is asked for"
        )
    }

    static func missingUsage(of leaf: Certificate, oid: String) -> CertificateProblem {
        let has = leaf.extendedKeyUsages.map { $0.map(ExtendedKeyUsage.name(of:)).joined(separator: ", ") }
        return CertificateProblem(
            .missingUsage,
            "\(leaf.subject) may not be used for \(ExtendedKeyUsage.name(of: oid)) "
                + "(its extended key usage: \(has.map { $0.isEmpty ? "unreadable" : $0 } ?? "none")): "
                + "issue the certificate with that usage"
        )
    }

    /// Says in words where a chain broke.
    init(_ failure: ChainFailure, of leaf: Certificate, trusted: [Certificate], at time: Timestamp) {
        let certificate = failure.certificate ?? leaf
        let which = failure.depth == 0 ? certificate.subject : "\(certificate.subject), above \(leaf.subject),"
        let anchors = trusted.map(\.subject).joined(separator: " or ")
        switch failure.kind {
        case .expired:
            self.init(
                .expired,
                "\(which) expired at \(certificate.notAfter.map(\.description) ?? "an unreadable time") "
                    + "(it is \(time)): renew it"
            )
        case .notYetValid:
            self.init(
                .notYetValid,
                "\(which) is valid only from \(certificate.notBefore.map(\.description) ?? "an unreadable time") "
                    + "(it is \(time)): wait, or set the clock right"
            )
        case .issuerUnknown:
            self.init(
                .issuerUnknown,
                "\(which) was issued by \(certificate.issuer), which is neither the trusted CA (\(anchors)) nor among "
                    + "the intermediates at hand: add that intermediate, or renew the certificate from the trusted CA"
            )
        case .untrustedEnd:
            self.init(
                .untrustedIssuer,
                "the chain of \(leaf.subject) ends at \(certificate.subject), not at the trusted CA (\(anchors)): "
                    + "renew the certificate from the trusted CA, or configure the CA that issued it"
            )
        case .badSignature:
            self.init(
                .badSignature,
                "the signature of \(which) was not made by \(certificate.issuer)'s key: another CA of the same name "
                    + "issued it, or it was altered; renew it from the trusted CA"
            )
        case .wrongPurpose, .other:
            self.init(.unsuitable, "\(which) does not qualify: \(failure.text)")
        }
    }
}
