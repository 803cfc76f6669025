package import OpenSSLBridge
package import PostureModel

/// Whether a certificate meets the requirements: a chain, or the first thing that a person should mend.
package enum CertificateJudgement: Sendable {
    case valid(ValidChain)
    case invalid(CertificateProblem)
}

/// Judges certificates, at one moment and with one set of intermediates: what the agent does with everything that it
/// finds, and the scorer with everything that it is shown.
package struct CertificateJudge: Sendable {
    private let requirements: CertificateRequirements
    private let demand: NameDemand
    private let rules: CertificateRules
    private let paths: PathBuilder

    /// Creates a judge of `requirements` with the names that `demand` asks for, with `carried` as intermediates that came
    /// along.
    ///
    /// On the signature of a leaf, and of a carried certificate, `keyLimit` keys are tried at most. Name and key identifier
    /// leave one, unless two CAs have both in common.
    package init(
        _ requirements: CertificateRequirements,
        names demand: NameDemand,
        carried: [Certificate] = [],
        keyLimit: Int = .max,
        at time: Timestamp
    ) {
        self.requirements = requirements
        self.demand = demand
        rules = CertificateRules(time: time, usages: requirements.extendedKeyUsages)
        paths = PathBuilder(
            trusted: requirements.trusted,
            intermediates: requirements.intermediates,
            carried: carried,
            keyLimit: keyLimit,
            revocation: requirements.revocation,
            rules: rules
        )
    }

    /// Judges one certificate.
    ///
    /// - Throws: only if OpenSSL could not even try.
    package func judge(_ leaf: Certificate) throws(OpenSSLError) -> CertificateJudgement {
        var memory = PathMemory()
        return try judge(leaf, &memory)
    }

    /// Judges several, in this order and within one bound for all of them.
    ///
    /// - Throws: only if OpenSSL could not even try.
    package func judge(_ leaves: [Certificate]) throws(OpenSSLError) -> [CertificateJudgement] {
        var memory = PathMemory()
        var judgements: [CertificateJudgement] = []
        for leaf in leaves { judgements.append(try judge(leaf, &memory)) }
        return judgements
    }

    /// Judges one certificate, and finds the chain of one that fails for its age or for want of a CRL alone.
    ///
    /// No signature is verified a second time for that.
    ///
    /// - Throws: only if OpenSSL could not even try.
    package func evidence(of leaf: Certificate) throws(OpenSSLError) -> CertificateEvidence {
        var memory = PathMemory()
        let problem: CertificateProblem
        switch try judge(leaf, &memory) {
        case .valid(let chain): return .valid(chain)
        case .invalid(let found): problem = found
        }
        guard problem.code != .revoked else { return .revoked(key: leaf.keyFingerprint, problem) }
        guard problem.code == .revocationUnknown || paths.hasExpired(leaf),
            demand.problem(of: leaf) == nil, requirements.allowsCA || !leaf.isCA
        else { return .none(problem) }
        var rules = rules
        rules.acceptsExpired = true
        memory = memory.signaturesAlone
        switch try paths.lenient.path(from: leaf, flaw: rules.flaw(ofLeaf: leaf), &memory) {
        case .found(let certificates):
            let chain = ValidChain(certificates, binding: demand.bound(by: leaf))
            return .unfit(chain, chain.flaw(insteadOf: problem, at: rules.time))
        case .none(let other) where other.code == .revoked: return .revoked(key: leaf.keyFingerprint, other)
        case .none: return .none(problem)
        }
    }

    private func judge(_ leaf: Certificate, _ memory: inout PathMemory) throws(OpenSSLError) -> CertificateJudgement {
        if let problem = demand.problem(of: leaf) { return .invalid(problem) }
        guard requirements.allowsCA || !leaf.isCA else {
            return .invalid(CertificateProblem(.unsuitable, "\(leaf.subject) is a CA's certificate, not a device's"))
        }
        switch try paths.path(from: leaf, flaw: rules.flaw(ofLeaf: leaf), &memory) {
        case .found(let chain): return .valid(ValidChain(chain, binding: demand.bound(by: leaf)))
        case .none(let problem): return .invalid(problem)
        }
    }
}

extension CertificateJudge {
    /// The certificates at hand that signed `leaf`, or signed one that did, but for roots; nearest first, and no more than
    /// fit into a report.
    package func issuers(of leaf: Certificate) -> [Certificate] { paths.issuers(of: leaf) }
}

/// The evidence that a certificate is of who it identifies, whether it may be used now or not.
package enum CertificateEvidence: Sendable {
    /// A valid chain.
    case valid(ValidChain)
    /// A chain that ends at a trusted CA and is not known to be revoked, with what keeps it from being valid: a certificate
    /// of it has expired, or it is not known whether one was revoked.
    case unfit(ValidChain, CertificateProblem)
    /// A certificate of the chain was revoked; the leaf has this key.
    case revoked(key: String, CertificateProblem)
    /// No such chain.
    case none(CertificateProblem)

    /// The chain, of whatever age.
    var chain: ValidChain? {
        switch self {
        case .valid(let chain), .unfit(let chain, _): chain
        case .revoked, .none: nil
        }
    }
}

/// A chain that was validated.
///
/// Only ``CertificateJudge`` makes one.
package struct ValidChain: Sendable {
    /// The chain, leaf first, the trusted certificate last.
    package let certificates: [Certificate]
    /// The machine's identifiers that the certificate's names hold, where the check asked for them by a variable.
    package let bound: [NamePattern.Variable: String]

    init(_ certificates: [Certificate], binding bound: [NamePattern.Variable: String]) {
        self.certificates = certificates
        self.bound = bound
    }

    /// The trusted certificate that the chain ends at.
    package var anchor: Certificate? { certificates.last }

    /// The last second in which every certificate of the chain is valid.
    package var holdsUntil: Timestamp? { certificates.compactMap(\.notAfter).min() }

    /// The subject of the leaf.
    var leafName: String { certificates.first?.subject ?? "the certificate" }

    /// What holds, in a sentence without its end: both programs say it so.
    package var summary: String {
        "\(leafName), issued under \(anchor?.subject ?? "itself")\(holdsUntil.map { ", valid until \($0)" } ?? "")"
    }

    /// Each certificate but the anchor, as a CRL would name it.
    package var links: [ChainLink] {
        zip(certificates, certificates.dropFirst()).map { certificate, issuer in
            ChainLink(issuerKey: issuer.keyFingerprint, serialNumber: certificate.serialNumber)
        }
    }

    /// The SHA-256 of the leaf's public key, base64url.
    package var key: String? { certificates.first?.keyFingerprint }

    /// What keeps the chain from being valid, where another search ended with `problem`: that one may be about another chain.
    fileprivate func flaw(insteadOf problem: CertificateProblem, at now: Timestamp) -> CertificateProblem {
        guard ![.expired, .revocationUnknown].contains(problem.code), let leaf = certificates.first,
            let old = certificates.first(where: { ($0.notAfter?.seconds ?? .min) < now.seconds })
        else { return problem }
        return .expired(old, under: leaf, at: now)
    }

    /// That a certificate of the chain is near its end, and when that is; nil if none is.
    ///
    /// Near is `warning`, or the last quarter of that certificate's own life where that is less.
    package func expiryWarning(within warning: TimeSpan, at now: Timestamp) -> String? {
        let ending = certificates.compactMap { certificate in
            certificate.validity.flatMap { $0.isNearEnd(at: now, warning: warning) ? (certificate, $0) : nil }
        }
        guard let (first, validity) = ending.min(by: { $0.1.end < $1.1.end }) else { return nil }
        let which = first.der == certificates.first?.der ? leafName : "\(first.subject), above \(leafName),"
        return "\(which) expires in \(validity.timeLeft(at: now)), at \(validity.end): renew it"
    }
}
