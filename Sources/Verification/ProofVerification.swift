internal import OpenSSLBridge
internal import PostureModel

extension MessageVerifier {
    /// The scorer's verdict on one of its checks, from the certificates shown and never from the agent's word.
    func verdict(
        _ id: String,
        _ requirements: CertificateRequirements,
        _ report: Report,
        _ message: UnverifiedMessage,
        nonce: VerifiedNonce,
        at now: Timestamp
    ) -> CheckVerdict {
        let finding = report.checks.first { $0.id == id }?.certificate
        if now < Version.builtAfter { return CheckVerdict(id: id, .wrongClock(now)) }
        let demand: NameDemand
        do throws(CertificateProblem) {
            demand = try requirements.names.resolved(
                with: VariableValues(facts: report.facts, warpIDs: report.warpIDs)
            )
        } catch { return CheckVerdict(id: id, error) }
        if let proof = message.proofs.first(where: { $0.header.role == id }) {
            switch judgeProof(proof, requirements, demand, message, .report, nonce: nonce, at: now) {
            case .failure(let problem): return CheckVerdict(id: id, problem)
            case .success(let chain):
                if case .found(let found)? = finding, found.isKeyShared {
                    return CheckVerdict(id: id, .keyPresent, chain, requirements, .keyShared(of: chain), at: now)
                }
                return CheckVerdict(id: id, .proven, chain, requirements, nil, at: now)
            }
        }
        switch finding {
        case nil:
            let reason = "the agent has no check with the id '\(id)': configure it"
            return CheckVerdict(id: id, CertificateProblem(.notFound, reason))
        case .notFound(let reason): return CheckVerdict(id: id, CertificateProblem(.notFound, reason))
        case .unreadable(let reason): return CheckVerdict(id: id, CertificateProblem(.unreadable, reason))
        case .found(let found): return verdict(id, unproven: found, requirements, demand, at: now)
        }
    }

    /// A certificate that the machine shows without a proof: valid or not, it may be anybody's.
    private func verdict(
        _ id: String,
        unproven found: FoundCertificate,
        _ requirements: CertificateRequirements,
        _ demand: NameDemand,
        at now: Timestamp
    ) -> CheckVerdict {
        switch judgeChain(found.chain, requirements, demand, at: now) {
        case .failure(let problem): return CheckVerdict(id: id, problem)
        case .success(let chain):
            switch found.privateKey {
            case .absent: return CheckVerdict(id: id, .certificateOnly, chain, requirements, .noKey(of: chain), at: now)
            case .unreadable(let reason):
                let problem = CertificateProblem.unreadableKey(of: chain, reason)
                return CheckVerdict(id: id, .certificateOnly, chain, requirements, problem, at: now)
            case .present: return CheckVerdict(id: id, .keyPresent, chain, requirements, .noProof(of: chain), at: now)
            }
        }
    }

    /// Whether the certificate's own key signed this message, and the certificate is good.
    func judgeProof(
        _ proof: JWS.Signature,
        _ requirements: CertificateRequirements,
        _ demand: NameDemand,
        _ message: UnverifiedMessage,
        _ type: MessageType,
        nonce: VerifiedNonce,
        at now: Timestamp
    ) -> Result<ValidChain, CertificateProblem> {
        if let problem = headerProblem(proof.header, type, nonce) {
            return .failure(CertificateProblem(.badProof, "the proof is for another message: \(problem)"))
        }
        return judgeChain(proof.certificates, requirements, demand, at: now).flatMap { chain in
            guard let leaf = chain.certificates.first, proof.header.x5t == leaf.fingerprint,
                leaf.allowsDigitalSignature, let key = try? leaf.publicKey(),
                verifies(proof, of: message.jws, key: key)
            else {
                return .failure(CertificateProblem(.badProof, "the proof was not made by the key of \(chain.leafName)"))
            }
            return .success(chain)
        }
    }

    /// The most keys that are tried on the signature of a certificate that a message carries.
    private static let keyLimit = 2

    private func judgeChain(
        _ chain: [[UInt8]],
        _ requirements: CertificateRequirements,
        _ demand: NameDemand,
        at now: Timestamp
    ) -> Result<ValidChain, CertificateProblem> {
        do {
            let certificates = try chain.map { der throws(OpenSSLError) in try Certificate(der: der) }
            guard let leaf = certificates.first else {
                return .failure(CertificateProblem(.noCertificate, "the report shows no certificate"))
            }
            let carried = Array(certificates.dropFirst())
            let judge = CertificateJudge(
                requirements,
                names: demand,
                carried: carried,
                keyLimit: Self.keyLimit,
                at: now
            )
            switch try judge.judge(leaf) {
            case .valid(let chain): return .success(chain)
            case .invalid(let problem): return .failure(problem)
            }
        } catch {
            return .failure(CertificateProblem(.unreadable, "a certificate of the report cannot be read: \(error)"))
        }
    }
}

extension CheckVerdict {
    init(id: String, _ problem: CertificateProblem) {
        self.init(id: id, level: .none, reason: problem.reason, code: problem.code.rawValue)
    }

    fileprivate init(
        id: String,
        _ level: ProofLevel,
        _ chain: ValidChain,
        _ requirements: CertificateRequirements,
        _ problem: CertificateProblem?,
        at now: Timestamp
    ) {
        self.init(
            id: id,
            level: level,
            reason: problem?.reason ?? "\(chain.summary); its key signed this report",
            code: problem?.code.rawValue,
            anchor: chain.anchor?.fingerprint,
            chain: chain.links,
            holdsUntil: chain.holdsUntil,
            bound: Dictionary(uniqueKeysWithValues: chain.bound.map { ($0.key.rawValue, $0.value) }),
            warning: chain.expiryWarning(within: requirements.expiryWarning, at: now),
            commonName: chain.certificates.first?.commonNames.first
        )
    }
}
