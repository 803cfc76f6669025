/// Why a certificate does not meet the requirements: for machines a code, for people what to mend first.
///
/// Both programs say it in these words.
package struct CertificateProblem: Error, Sendable, Equatable {
    /// The kinds there are; the raw value is stable.
    package enum Code: String, Sendable, CaseIterable {
        case notFound = "not_found"
        case unreadable
        case variableUnknown = "variable_unknown"
        case wrongClock = "wrong_clock"
        case wrongName = "wrong_name"
        case wrongAlternativeName = "wrong_alternative_name"
        case expired
        case notYetValid = "not_yet_valid"
        case issuerUnknown = "issuer_unknown"
        case untrustedIssuer = "untrusted_issuer"
        case badSignature = "bad_signature"
        case pathLength = "path_length"
        case nameNotPermitted = "name_not_permitted"
        case policyNotPermitted = "policy_not_permitted"
        case weakAlgorithm = "weak_algorithm"
        case missingUsage = "missing_usage"
        case revoked
        case revocationUnknown = "revocation_unknown"
        case malformed
        case unsuitable
        case tooManyPaths = "too_many_paths"
        case noPrivateKey = "no_private_key"
        case privateKeyUnreadable = "private_key_unreadable"
        case keyShared = "key_shared"
        case noProof = "no_proof"
        case badProof = "bad_proof"
        case noCertificate = "no_certificate"
    }

    /// The kind of problem.
    package let code: Code
    /// A sentence that names the certificate, what is wrong, and what to do.
    package let reason: String
    /// Why it is not known whether the certificate was revoked; nil for any other problem.
    package let gap: RevocationGap?

    package init(_ code: Code, _ reason: String, gap: RevocationGap? = nil) {
        self.code = code
        self.reason = reason
        self.gap = gap
    }
}
