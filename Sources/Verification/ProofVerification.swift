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
            demand = try requirements.names.resolved(with: VariableValues(report))
        } catch { return CheckVerdict(id: id, error) }
        if let proof = message.proofs.first(where: { $0.header.role == id }) {
            if let problem = headerProblem(proof.header, .report, nonce) {
                return CheckVerdict(id: id, .badProof(of: problem))
            }
            let evidence = evidence(proof.certificates, requirements, demand, at: now)
            guard let chain = evidence.chain else { return CheckVerdict(id: id, evidence) }
            guard isSigned(message, by: proof, chain) else {
                return CheckVerdict(id: id, .unfit(chain, .badProof(by: chain)))
            }
            guard case .valid = evidence else { return CheckVerdict(id: id, evidence, proves: true) }
            if case .found(let found)? = finding, found.isKeyShared {
                return CheckVerdict(
                    id: id,
                    .keyPresent,
                    chain,
                    requirements,
                    .keyShared(of: chain),
                    at: now,
                    proves: true
                )
            }
            return CheckVerdict(id: id, .proven, chain, requirements, nil, at: now, proves: true)
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
        let evidence = evidence(found.chain, requirements, demand, at: now)
        guard case .valid(let chain) = evidence else { return CheckVerdict(id: id, evidence) }
        switch found.privateKey {
        case .absent: return CheckVerdict(id: id, .certificateOnly, chain, requirements, .noKey(of: chain), at: now)
        case .unreadable(let reason):
            let problem = CertificateProblem.unreadableKey(of: chain, reason)
            return CheckVerdict(id: id, .certificateOnly, chain, requirements, problem, at: now)
        case .present: return CheckVerdict(id: id, .keyPresent, chain, requirements, .noProof(of: chain), at: now)
        }
    }

    /// The valid chain of a certificate whose own key signed this message by `proof`; nil for any other proof.
    func provenChain(
        _ proof: JWS.Signature,
        _ requirements: CertificateRequirements,
        _ demand: NameDemand,
        _ message: UnverifiedMessage,
        _ type: MessageType,
        nonce: VerifiedNonce,
        at now: Timestamp
    ) -> ValidChain? {
        guard headerProblem(proof.header, type, nonce) == nil,
            case .valid(let chain) = evidence(proof.certificates, requirements, demand, at: now),
            isSigned(message, by: proof, chain)
        else { return nil }
        return chain
    }

    /// Whether the key of a chain's leaf signed this message.
    private func isSigned(_ message: UnverifiedMessage, by proof: JWS.Signature, _ chain: ValidChain) -> Bool {
        guard let leaf = chain.certificates.first, proof.header.x5t == leaf.fingerprint, leaf.allowsDigitalSignature,
            let key = try? leaf.publicKey()
        else { return false }
        return verifies(proof, of: message.jws, key: key)
    }

    /// The most keys that are tried on the signature of a certificate that a message carries.
    private static let keyLimit = 2

    private func evidence(
        _ chain: [[UInt8]],
        _ requirements: CertificateRequirements,
        _ demand: NameDemand,
        at now: Timestamp
    ) -> CertificateEvidence {
        do {
            let certificates = try chain.map { der throws(OpenSSLError) in try Certificate(der: der) }
            guard let leaf = certificates.first else {
                return .none(CertificateProblem(.noCertificate, "the report shows no certificate"))
            }
            let carried = Array(certificates.dropFirst())
            return try CertificateJudge(
                requirements,
                names: demand,
                carried: carried,
                keyLimit: Self.keyLimit,
                at: now
            ).evidence(of: leaf)
        } catch {
            return .none(CertificateProblem(.unreadable, "a certificate of the report cannot be read: \(error)"))
        }
    }
}
