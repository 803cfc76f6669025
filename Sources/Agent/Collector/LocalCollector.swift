internal import OpenSSLBridge
@_spi(Signing) internal import PostureModel

/// The side with the keys, in this process: collects, signs with the device's key, and has each certificate's key
/// sign its proof inside NSS.
struct LocalCollector: Collector {
    private let inspector: HostInspector
    private let configuration: AgentConfiguration
    private let key: DeviceKey
    private let now: @Sendable () -> Timestamp

    /// Creates a collector; `now` is the clock, passed in so that a test can set it.
    init(
        inspector: HostInspector,
        configuration: AgentConfiguration,
        key: DeviceKey,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.inspector = inspector
        self.configuration = configuration
        self.key = key
        self.now = now
    }

    /// Looks at the machine.
    func look() async throws -> Sighting { Sighting(view: try await inspector.look(now)) }

    /// Collects what the request is about, and signs it.
    ///
    /// - Throws: ``AgentError`` where the message would be longer than a scorer takes.
    func collect(_ request: SigningRequest, nonce: String, audience: String) async throws -> CollectedMessage {
        let message: JWS
        var notes: [UInt8]?
        switch request {
        case .ownRecord:
            message = try await assemble(Draft(type: .ownRecord, payload: [], nonce: nonce, audience: audience), []).jws
        case .registration(let token):
            message = try await registration(token: token, nonce: nonce, audience: audience)
        case .report:
            (message, notes) = try await report(nonce: nonce, audience: audience)
        }
        let bytes = try message.encoded()
        guard bytes.count <= JWS.Limit.message else {
            throw AgentError(
                "the message has \(bytes.count) bytes, and a scorer takes \(JWS.Limit.message): configure fewer checks, "
                    + "or shorter chains"
            )
        }
        return CollectedMessage(message: SignedMessage(type: request.type, bytes: bytes), notes: notes)
    }

    private func registration(token: String?, nonce: String, audience: String) async throws -> JWS {
        let payload = try Wire.encode(Registration(device: key.device, audience: audience, token: token))
        let draft = Draft(type: .registration, payload: payload, nonce: nonce, audience: audience)
        return try await assemble(draft, try inspector.runChecks(at: now())).jws
    }

    private func report(nonce: String, audience: String) async throws -> (JWS, notes: [UInt8]) {
        var collected = try await inspector.collect(at: now())
        let collectedAt = now()
        let notes = try Wire.encode(CollectorNotes(MachineView(collected, at: collectedAt)))
        while true {
            let report = Report(
                device: key.device,
                audience: audience,
                agent: "postured/\(Version.text)",
                collectedAt: collectedAt,
                facts: collected.facts,
                warpIDs: collected.warpIDs,
                checks: collected.checks.map { CheckFinding(id: $0.id, certificate: $0.finding) }
            ).bounded
            let draft = Draft(type: .report, payload: try Wire.encode(report), nonce: nonce, audience: audience)
            let (jws, unproven) = try await assemble(draft, collected.checks)
            if unproven.isEmpty { return (jws, notes) }
            // A key that does not sign costs the proof and not the certificate: the payload has to carry that then, and
            // everything is signed again. Each round has fewer proofs, so it ends.
            for index in collected.checks.indices {
                if let reason = unproven[collected.checks[index].id] { collected.checks[index].giveUpProof(reason) }
            }
        }
    }

    /// Signs a draft with the device's key and with each check's certificate.
    ///
    /// - Returns: The message, and why keys did not sign, by the checks' ids.
    private func assemble(
        _ draft: Draft,
        _ checks: [CheckResult]
    ) async throws -> (jws: JWS, unproven: [String: PrivateKeyPresence]) {
        var header = draft.header(alg: .es256, role: ProtectedHeader.deviceRole)
        header.kid = draft.type == .registration ? nil : key.device.rawValue
        header.jwk = draft.type == .registration ? key.key.publicKey.jwk : nil
        let (encoded, input) = try draft.signingInput(of: header)
        var signatures = [
            JWS.Signature(header: header, encodedHeader: encoded, certificates: [], bytes: try key.key.sign(input))
        ]
        var unproven: [String: PrivateKeyPresence] = [:]
        for check in checks {
            guard let candidate = check.candidate, candidate.hasKey else { continue }
            guard let algorithm = candidate.stored.proofAlgorithm else {
                unproven[check.id] = .present
                continue
            }
            do { signatures.append(try await proof(check.id, candidate, algorithm, of: draft)) } catch {
                unproven[check.id] = .unreadable(reason: "it does not sign: \(error)")
            }
        }
        return (JWS(encodedPayload: draft.encodedPayload, payload: draft.payload, signatures: signatures), unproven)
    }

    /// The proof that the machine has the key of a check's certificate.
    private func proof(
        _ check: String,
        _ candidate: Candidate,
        _ algorithm: SignatureAlgorithm,
        of draft: Draft
    ) async throws -> JWS.Signature {
        guard let source = configuration.checks.first(where: { $0.id == check })?.source else {
            throw AgentError("there is no check '\(check)'")
        }
        var header = draft.header(alg: algorithm, role: check)
        header.x5t = candidate.certificate.fingerprint
        let (encoded, input) = try draft.signingInput(of: header)
        let bytes = try await source.sign(input, with: candidate.stored.key, algorithm)
        // A token finds keys by their ids, which whoever put them there chose.
        guard try candidate.certificate.publicKey().verifies(bytes, over: input, algorithm: algorithm) else {
            throw AgentError("the key that goes by the certificate's id is another one's")
        }
        return JWS.Signature(
            header: header,
            encodedHeader: encoded,
            certificates: candidate.certificatesForScorer,
            bytes: bytes
        )
    }
}

extension CheckResult {
    /// Shows the certificate in the payload, since no proof will carry it, with what is known of its key.
    fileprivate mutating func giveUpProof(_ key: PrivateKeyPresence) {
        guard let candidate, case .found(let found) = finding else { return }
        finding = .found(
            FoundCertificate(
                fingerprint: candidate.certificate.fingerprint,
                privateKey: key,
                isKeyShared: found.isKeyShared,
                chain: candidate.certificatesForScorer
            )
        )
        self.candidate = nil
    }
}
