internal import OpenSSLBridge
internal import PostureModel

/// The problems of certificates and chains in words.
extension CertificateProblem {
    // MARK: - What was asked for

    static func wrongName(of leaf: Certificate, expected: [String]) -> CertificateProblem {
        CertificateProblem(
            .wrongName,
            "the certificate is for \(leaf.subject), not for the common name \(quoted(expected)) that is asked for"
        )
    }

    static func wrongAlternativeName(of leaf: Certificate, expected: [String]) -> CertificateProblem {
        let has = leaf.comparableNames.prefix(8)
        return CertificateProblem(
            .wrongAlternativeName,
            "\(leaf.subject) has none of the subject alternative names that are asked for (\(quoted(expected))); "
                + (has.isEmpty ? "it has none at all" : "it has \(quoted(Array(has)))")
        )
    }

    static func variableUnknown(
        _ variable: NamePattern.Variable,
        in pattern: NamePattern,
        _ reason: String
    ) -> CertificateProblem {
        CertificateProblem(
            .variableUnknown,
            "nobody can say which certificate to look for: the name '\(pattern)' has ${\(variable.rawValue)}, and "
                + "that is not known: \(reason)"
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

    // MARK: - One certificate of a chain

    static func expired(_ certificate: Certificate, under leaf: Certificate, at time: Timestamp) -> CertificateProblem {
        let end = certificate.notAfter.map(\.description) ?? "an unreadable time"
        return CertificateProblem(.expired, "\(place(certificate, leaf)) expired at \(end) (it is \(time)): renew it")
    }

    static func notYetValid(
        _ certificate: Certificate,
        under leaf: Certificate,
        at time: Timestamp
    ) -> CertificateProblem {
        let start = certificate.notBefore.map(\.description) ?? "an unreadable time"
        let sentence =
            "\(place(certificate, leaf)) is valid only from \(start) (it is \(time)): wait, or set the clock right"
        return CertificateProblem(.notYetValid, sentence)
    }

    static func weak(_ certificate: Certificate, under leaf: Certificate, _ why: String) -> CertificateProblem {
        CertificateProblem(
            .weakAlgorithm,
            "\(place(certificate, leaf)) is too weak: \(why); issue it with SHA-256"
        )
    }

    /// A key that is not of the set that is used here.
    static func refusedKey(
        of certificate: Certificate,
        under leaf: Certificate,
        _ refusal: KeyRefusal
    ) -> CertificateProblem {
        CertificateProblem(
            .weakAlgorithm,
            "\(place(certificate, leaf)) has a key that is not used: its key is \(certificate.keyName), and \(refusal); "
                + "issue it with an RSA key of 2048 to 8192 bits, or an EC key on P-256 or P-384"
        )
    }

    static func unsuitable(_ certificate: Certificate, under leaf: Certificate, _ why: String) -> CertificateProblem {
        CertificateProblem(.unsuitable, "\(place(certificate, leaf)) does not qualify: \(why)")
    }

    static func malformed(_ certificate: Certificate, under leaf: Certificate, _ why: String) -> CertificateProblem {
        CertificateProblem(.malformed, "\(place(certificate, leaf)) is malformed: \(why); issue it again")
    }

    static func pathLength(
        of issuer: Certificate,
        under leaf: Certificate,
        allowed: Int,
        between: Int
    ) -> CertificateProblem {
        CertificateProblem(
            .pathLength,
            "\(place(issuer, leaf)) allows a path length of \(allowed) CAs below it, and there are \(between): issue the "
                + "certificate from a CA nearer to it"
        )
    }

    static func nameNotPermitted(_ certificate: Certificate, by issuer: Certificate) -> CertificateProblem {
        CertificateProblem(
            .nameNotPermitted,
            "a name of \(certificate.subject) is outside the name constraints (permitted and excluded subtrees) of "
                + "\(issuer.subject): issue the certificate with names that this CA may give"
        )
    }

    static func tooManyNames(
        _ certificate: Certificate,
        for issuer: Certificate,
        limit: Int
    ) -> CertificateProblem {
        CertificateProblem(
            .nameNotPermitted,
            "the names of \(certificate.subject) and the name constraints of \(issuer.subject) would take more than "
                + "\(limit) comparisons: issue the certificate with fewer names"
        )
    }

    // MARK: - A chain

    static func badSignature(of child: Certificate, under leaf: Certificate) -> CertificateProblem {
        CertificateProblem(
            .badSignature,
            "the signature of \(place(child, leaf)) was not made by \(child.issuer)'s key: another CA of "
                + "the same name issued it, or it was altered; renew it from the trusted CA"
        )
    }

    static func issuerUnknown(in path: [Certificate], trusted: [String]) -> CertificateProblem {
        guard let leaf = path.first, let last = path.last else { return CertificateProblem(.issuerUnknown, "no chain") }
        return CertificateProblem(
            .issuerUnknown,
            "\(place(last, leaf)) was issued by \(last.issuer), which is neither the trusted CA (\(list(trusted))) nor "
                + "among the intermediates at hand: add that intermediate, or renew the certificate from the trusted CA"
        )
    }

    static func untrustedEnd(of path: [Certificate], trusted: [String]) -> CertificateProblem {
        CertificateProblem(
            .untrustedIssuer,
            "the chain of \(path.first?.subject ?? "") ends at \(path.last?.subject ?? ""), not at the trusted CA "
                + "(\(list(trusted))): renew the certificate from the trusted CA, or configure the CA that issued it"
        )
    }

    static func tooLong(of leaf: Certificate, limit: Int) -> CertificateProblem {
        CertificateProblem(
            .pathLength,
            "the chain of \(leaf.subject) is longer than \(limit) certificates: trust a CA that is nearer to it"
        )
    }

    static func tooManyPaths(of leaf: Certificate, nearest: CertificateProblem?) -> CertificateProblem {
        CertificateProblem(
            .tooManyPaths,
            "so many chains lead from \(leaf.subject) towards the trusted CA that not all were tried: remove intermediates "
                + "that are of no use" + (nearest.map { "; of those that were tried: \($0.reason)" } ?? "")
        )
    }

    /// Says in words what OpenSSL objects to; `given` are all CRLs there are, of whatever use.
    init(_ failure: ChainFailure, in chain: [Certificate], given: Revocation, signers: [Certificate]) {
        let (leaf, certificate) = (chain[0], chain[min(failure.depth, chain.count - 1)])
        let which = Self.place(certificate, leaf)
        switch failure.kind {
        case .badSignature: self = .badSignature(of: certificate, under: leaf)
        case .revoked: self.init(.revoked, "\(which) was revoked by \(certificate.issuer): issue a new one")
        case .revocationUnknown(let objection):
            let gap = RevocationGap(
                objection,
                of: certificate,
                issuer: chain[min(failure.depth + 1, chain.count - 1)],
                lists: given.lists,
                signers: signers,
                isStrict: given.failureMode == .hard
            )
            self = .revocationUnknown(of: which, gap, issuer: certificate.issuer)
        case .pathLengthExceeded: self.init(.pathLength, "\(which) does not qualify: \(failure.text)")
        case .nameNotPermitted: self.init(.nameNotPermitted, "\(which) does not qualify: \(failure.text)")
        case .weakAlgorithm: self.init(.weakAlgorithm, "\(which) is too weak: \(failure.text)")
        case .policy:
            self.init(
                .policyNotPermitted,
                "no certificate policy holds for the whole chain of \(leaf.subject), and a CA of the chain requires one "
                    + "(\(failure.text) at \(which)): issue the certificate with a policy of its CA"
            )
        case .other: self.init(.unsuitable, "\(which) does not qualify: \(failure.text)")
        }
    }

    private static func place(_ certificate: Certificate, _ leaf: Certificate) -> String {
        certificate.der == leaf.der ? leaf.subject : "\(certificate.subject), above \(leaf.subject),"
    }

    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(5).joined(separator: " or ")
        return names.isEmpty ? "none is configured" : names.count > 5 ? shown + " or others" : shown
    }

    private static func quoted(_ names: [String]) -> String {
        names.map { "'\($0)'" }.joined(separator: " or ")
    }
}
