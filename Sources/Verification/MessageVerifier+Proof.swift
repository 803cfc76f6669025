internal import OpenSSLBridge
internal import PostureModel

extension MessageVerifier {
    /// The scorer's verdict on one of its checks, from the certificates shown and never from the agent's word.
    func verdict(
        _ id: String,
        _ finding: CheckFinding.Finding?,
        _ message: UnverifiedMessage,
        nonce: VerifiedNonce,
        at now: Timestamp
    ) -> CheckVerdict {
        guard let requirements = checks[id] else { return CheckVerdict(id: id, .notFound, "there is no such check") }
        if let proof = message.proofs.first(where: { $0.header.role == id }) {
            switch judgeProof(proof, requirements, message, .report, nonce: nonce, at: now) {
            case .success(let chain):
                return CheckVerdict(id: id, .proven, chain, "the key of \(chain.leafName) signed this report")
            case .failure(let problem):
                return CheckVerdict(id: id, problem.code, problem.reason)
            }
        }
        switch finding {
        case nil: return CheckVerdict(id: id, .notFound, "the agent has no check with the id '\(id)': configure it")
        case .notFound(let reason): return CheckVerdict(id: id, .notFound, reason)
        case .unreadable(let reason): return CheckVerdict(id: id, .unreadable, reason)
        case .found(let found): return verdict(id, unproven: found, requirements, at: now)
        }
    }

    /// A certificate that the machine shows without a proof: valid or not, it may be anybody's.
    private func verdict(
        _ id: String,
        unproven found: FoundCertificate,
        _ requirements: CertificateRequirements,
        at now: Timestamp
    ) -> CheckVerdict {
        switch judgeChain(found.chain, requirements, at: now) {
        case .failure(let problem): return CheckVerdict(id: id, problem.code, problem.reason)
        case .success(let chain):
            switch found.privateKey {
            case .absent:
                return CheckVerdict(
                    id: id,
                    .certificateOnly,
                    chain,
                    code: .noPrivateKey,
                    "\(chain.leafName) is valid, but its private key is not on the machine: import it with its key"
                )
            case .unreadable(let reason):
                return CheckVerdict(
                    id: id,
                    .certificateOnly,
                    chain,
                    code: .privateKeyUnreadable,
                    "\(chain.leafName) is valid, but its private key cannot be used: \(reason)"
                )
            case .present:
                return CheckVerdict(
                    id: id,
                    .keyPresent,
                    chain,
                    code: .noProof,
                    "\(chain.leafName) is valid and the machine says that it has the key, without a proof"
                )
            }
        }
    }

    /// Whether the certificate's own key signed this message, and the certificate is good.
    func judgeProof(
        _ proof: JWS.Signature,
        _ requirements: CertificateRequirements,
        _ message: UnverifiedMessage,
        _ type: MessageType,
        nonce: VerifiedNonce,
        at now: Timestamp
    ) -> Result<ValidChain, CertificateProblem> {
        if let problem = headerProblem(proof.header, type, nonce) {
            return .failure(CertificateProblem(.badProof, "the proof is for another message: \(problem)"))
        }
        return judgeChain(proof.certificates, requirements, at: now).flatMap { chain in
            guard let leaf = chain.certificates.first, proof.header.x5t == leaf.fingerprint,
                leaf.allowsDigitalSignature, let key = try? leaf.publicKey(),
                verifies(proof, of: message.jws, key: key)
            else {
                return .failure(
                    CertificateProblem(.badProof, "the proof was not made by the key of \(chain.leafName)")
                )
            }
            return .success(chain)
        }
    }

    private func judgeChain(
        _ chain: [[UInt8]],
        _ requirements: CertificateRequirements,
        at now: Timestamp
    ) -> Result<ValidChain, CertificateProblem> {
        do {
            let certificates = try chain.map { der throws(OpenSSLError) in try Certificate(der: der) }
            guard let leaf = certificates.first else {
                return .failure(CertificateProblem(.noCertificate, "the report shows no certificate"))
            }
            switch try judge(leaf, against: requirements, over: Array(certificates.dropFirst()), at: now) {
            case .valid(let chain): return .success(chain)
            case .invalid(let problem): return .failure(problem)
            }
        } catch {
            return .failure(CertificateProblem(.unreadable, "a certificate of the report cannot be read: \(error)"))
        }
    }
}

extension CertificateProblem: Error {}

extension ValidChain {
    var leafName: String { certificates.first?.subject ?? "the certificate" }
}

extension CheckVerdict {
    fileprivate init(id: String, _ code: CertificateProblem.Code, _ reason: String) {
        self.init(id: id, level: .none, reason: reason, code: code.rawValue)
    }

    fileprivate init(
        id: String,
        _ level: ProofLevel,
        _ chain: ValidChain,
        code: CertificateProblem.Code? = nil,
        _ reason: String
    ) {
        self.init(
            id: id,
            level: level,
            reason: reason,
            code: code?.rawValue,
            anchor: chain.anchor?.fingerprint,
            chain: chain.certificates.map(\.serialNumber),
            holdsUntil: chain.holdsUntil
        )
    }
}
