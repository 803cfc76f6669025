internal import OpenSSLBridge
internal import PostureModel

extension CheckVerdict {
    /// The verdict of a check for which there is no chain.
    init(id: String, _ problem: CertificateProblem) {
        self.init(id: id, level: .none, reason: problem.reason, code: problem.code.rawValue)
    }

    /// The verdict on evidence that is not valid now.
    ///
    /// The names of the certificate are kept only if its key signed: they are of the machine then, also after an expiry.
    init(id: String, _ evidence: CertificateEvidence, proves: Bool = false) {
        switch evidence {
        case .none(let problem): self.init(id: id, problem)
        case .revoked(let key, let problem):
            self.init(id: id, problem)
            self.key = key
        case .valid(let chain): self.init(id: id, level: .none, proves: proves, chain, nil)
        case .unfit(let chain, let problem): self.init(id: id, level: .none, proves: proves, chain, problem)
        }
        guard !proves else { return }
        (bound, commonName) = ([:], nil)
    }

    /// The verdict on a valid chain, with a problem of its key.
    init(
        id: String,
        _ level: ProofLevel,
        _ chain: ValidChain,
        _ requirements: CertificateRequirements,
        _ problem: CertificateProblem?,
        at now: Timestamp,
        proves: Bool = false
    ) {
        self.init(id: id, level: level, proves: proves, chain, problem)
        warning = chain.expiryWarning(within: requirements.expiryWarning, at: now)
    }

    private init(
        id: String,
        level: ProofLevel,
        proves: Bool,
        _ chain: ValidChain,
        _ problem: CertificateProblem?
    ) {
        self.init(
            id: id,
            level: level,
            key: chain.key,
            proves: proves,
            reason: problem?.reason ?? "\(chain.summary); its key signed this report",
            code: problem?.code.rawValue,
            anchor: chain.anchor?.fingerprint,
            chain: chain.links,
            holdsUntil: chain.holdsUntil,
            bound: Dictionary(uniqueKeysWithValues: chain.bound.map { ($0.key.rawValue, $0.value) }),
            commonName: chain.certificates.first?.commonNames.first
        )
    }
}

extension CertificateProblem {
    /// A proof whose header is of another message.
    static func badProof(of problem: Problem) -> CertificateProblem {
        CertificateProblem(.badProof, "the proof is for another message: \(problem)")
    }

    /// A proof that another key made.
    static func badProof(by chain: ValidChain) -> CertificateProblem {
        CertificateProblem(.badProof, "the proof was not made by the key of \(chain.leafName)")
    }
}
