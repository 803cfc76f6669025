internal import OpenSSLBridge
internal import PostureModel

/// What RFC 5280 demands of each certificate of a chain and OpenSSL does not check, or checks otherwise.
///
/// The rest (signatures, basic constraints, key identifiers, critical extensions, name constraints) OpenSSL is asked
/// about, strictly, once a chain is there.
struct CertificateRules: Sendable {
    /// The moment that validity is judged at.
    let time: Timestamp
    /// The extended key usages that are asked for, as dotted OIDs.
    let usages: [String]
    /// Whether a certificate that has expired is as good as one that has not.
    var acceptsExpired = false

    /// Bits of security that signatures need: SHA-256 (NIST SP 800-57).
    static let security = 112

    /// The most comparisons of a certificate's names with a CA's name constraints: OpenSSL makes a million, twice.
    static let nameLimit = 1 << 17

    /// What is wrong with a leaf, in any chain.
    func flaw(ofLeaf leaf: Certificate) -> CertificateProblem? {
        if let flaw = commonFlaw(of: leaf, isTrusted: false, leaf: leaf) { return flaw }
        if leaf.nameConstraints != nil, !leaf.isCA {
            return .unsuitable(leaf, under: leaf, "it has name constraints, which only a CA may have")
        }
        let has = leaf.extendedKeyUsages ?? []
        if let missing = usages.first(where: { !has.contains($0) }) { return .missingUsage(of: leaf, oid: missing) }
        if usages.contains(ExtendedKeyUsage.clientAuth), let usage = leaf.keyUsage,
            usage.isDisjoint(with: [.digitalSignature, .keyAgreement])
        {
            let need = "its key usage has neither digitalSignature nor keyAgreement, which clientAuth needs"
            return .unsuitable(leaf, under: leaf, need)
        }
        return nil
    }

    /// What keeps a certificate from being an issuer in any chain to `leaf`.
    func flaw(ofIssuer issuer: Certificate, isTrusted: Bool, of leaf: Certificate) -> CertificateProblem? {
        if let flaw = commonFlaw(of: issuer, isTrusted: isTrusted, leaf: leaf) { return flaw }
        guard issuer.mayIssue else {
            let why =
                if !issuer.isCA { "it is not a CA's" } else if issuer.keyUsage?.contains(.keyCertSign) == false {
                    "its key usage has no keyCertSign"
                } else { "its basic constraints do not say that it is a CA's" }
            return .unsuitable(issuer, under: leaf, "\(why), and it has issued a certificate all the same")
        }
        if let allowed = issuer.extendedKeyUsages, !allowed.contains(ExtendedKeyUsage.any),
            let missing = usages.first(where: { !allowed.contains($0) })
        {
            let names = allowed.map(ExtendedKeyUsage.name(of:)).joined(separator: ", ")
            let usage = ExtendedKeyUsage.name(of: missing)
            return .unsuitable(issuer, under: leaf, "it may issue for \(names) only, and \(usage) is asked for")
        }
        if let constraints = issuer.nameConstraints, let why = constraints.malformation {
            return .malformed(issuer, under: leaf, why)
        }
        return nil
    }

    /// What keeps an issuer from standing above this chain, while it might stand above another.
    func conflict(of issuer: Certificate, with path: [Certificate]) -> CertificateProblem? {
        guard let leaf = path.first else { return nil }
        // RFC 5280 §4.2.1.9: self-issued certificates do not count.
        let between = path.dropFirst().count { !$0.isSelfIssued }
        if let length = issuer.pathLength, between > length {
            return .pathLength(of: issuer, under: leaf, allowed: length, between: between)
        }
        // RFC 5280 §4.2.1.10: nor are their names compared, but for the leaf's.
        let compared = [leaf] + path.dropFirst().filter { !$0.isSelfIssued }
        let constraints = issuer.nameConstraints
        if let constraints, let many = compared.first(where: { constraints.comparisons(with: $0) > Self.nameLimit }) {
            return .tooManyNames(many, for: issuer, limit: Self.nameLimit)
        }
        let outside = compared.first { certificate in
            !issuer.permitsNames(of: certificate)
                || constraints?.excludesSome(of: certificate.alternativeNames ?? []) ?? false
        }
        if let outside { return .nameNotPermitted(outside, by: issuer) }
        return nil
    }

    private func commonFlaw(of certificate: Certificate, isTrusted: Bool, leaf: Certificate) -> CertificateProblem? {
        guard let notBefore = certificate.notBefore, let notAfter = certificate.notAfter else {
            return .malformed(certificate, under: leaf, "its validity is no time that RFC 5280 knows")
        }
        // RFC 5280 §4.1.2.5: both ends are within the validity.
        if time.seconds < notBefore.seconds { return .notYetValid(certificate, under: leaf, at: time) }
        if !acceptsExpired, time.seconds > notAfter.seconds { return .expired(certificate, under: leaf, at: time) }
        if !isTrusted, certificate.signatureSecurity < Self.security {
            return .weak(certificate, under: leaf, "it is signed with \(certificate.signatureAlgorithmName)")
        }
        if let refusal = certificate.keyRefusal { return .refusedKey(of: certificate, under: leaf, refusal) }
        if let why = certificate.malformation(isTrusted: isTrusted) { return .malformed(certificate, under: leaf, why) }
        return nil
    }
}
