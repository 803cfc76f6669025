internal import OpenSSLBridge
@_spi(Signing) internal import PostureModel
internal import Reporting

/// The side with the keys, in this process: collects, signs with the device's key, and has each certificate's key
/// sign its proof inside NSS.
struct LocalCollector: Collector {
    private let inspector: HostInspector
    private let configuration: AgentConfiguration
    private let keys: KeyDirectory
    private let sender: String
    private let now: @Sendable () -> Timestamp

    /// Creates a collector.
    ///
    /// `sender` names who sends what is signed here, a service or a process, which has one message on its way at a time.
    /// `now` is the clock, passed in so that a test can set it.
    init(
        inspector: HostInspector,
        configuration: AgentConfiguration,
        keys: KeyDirectory,
        sender: String,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.inspector = inspector
        self.configuration = configuration
        self.keys = keys
        self.sender = sender
        self.now = now
    }

    /// Looks at the machine.
    func look() async throws -> Sighting { Sighting(view: try await inspector.look(now)) }

    /// Collects what the request is about, and signs it.
    ///
    /// - Throws: ``AgentError`` where the message would be longer than a scorer takes.
    func collect(_ request: SigningRequest, nonce: String, audience: String) async throws -> CollectedMessage {
        let assignment = try keys.begin(request, nonce: nonce, for: audience, by: sender, at: now())
        let message: JWS
        let type: MessageType
        var notes: [UInt8]?
        switch assignment {
        case .ownRecord(let key):
            type = .ownRecord
            message = try await assemble(Draft(type: type, payload: [], nonce: nonce, audience: audience), key, []).jws
        case .registration(let key, let token):
            type = .registration
            message = try await registration(key, token: token, nonce: nonce, audience: audience)
        case .report(let key, let receipt):
            type = .report
            (message, notes) = try await report(key, receipt: receipt, nonce: nonce, audience: audience)
        case .keyReplacement(let key, let newKey, let receipt):
            type = .keyReplacement
            message = try await replacement(of: key, by: newKey, receipt: receipt, nonce: nonce, audience: audience)
        case .retirement(let key, let receipt):
            type = .retirement
            let payload = try Wire.encode(Retirement(device: key.device, audience: audience, receipt: receipt))
            message = try await assemble(Draft(type: type, payload: payload, nonce: nonce, audience: audience), key, [])
                .jws
        }
        let bytes = try message.encoded()
        guard bytes.count <= JWS.Limit.message else {
            throw AgentError(
                "the message has \(bytes.count) bytes, and a scorer takes \(JWS.Limit.message): configure fewer checks, "
                    + "or shorter chains"
            )
        }
        return CollectedMessage(message: SignedMessage(type: type, bytes: bytes), notes: notes)
    }

    /// Does what waited for the scorer's decision on a message.
    func settle(_ settlement: Settlement) async throws { try keys.settle(settlement) }

    private func registration(
        _ key: DeviceKey,
        token: String?,
        nonce: String,
        audience: String
    ) async throws -> JWS {
        let payload = try Wire.encode(Registration(device: key.device, audience: audience, token: token))
        let draft = Draft(type: .registration, payload: payload, nonce: nonce, audience: audience)
        return try await assemble(draft, key, try inspector.runChecks(at: now())).jws
    }

    /// The message that both keys sign.
    private func replacement(
        of key: DeviceKey,
        by newKey: PrivateKey,
        receipt: String?,
        nonce: String,
        audience: String
    ) async throws -> JWS {
        let jwk = newKey.publicKey.jwk
        let replacement = KeyReplacement(device: key.device, audience: audience, key: jwk, receipt: receipt)
        let payload = try Wire.encode(replacement)
        let draft = Draft(type: .keyReplacement, payload: payload, nonce: nonce, audience: audience)
        let message = try await assemble(draft, key, []).jws
        var header = draft.header(alg: .es256, role: ProtectedHeader.newKeyRole)
        header.jwk = jwk
        let (encoded, input) = try draft.signingInput(of: header)
        let signature = JWS.Signature(
            header: header,
            encodedHeader: encoded,
            certificates: [],
            bytes: try newKey.sign(input)
        )
        return JWS(
            encodedPayload: draft.encodedPayload,
            payload: draft.payload,
            signatures: message.signatures + [signature]
        )
    }

    private func report(
        _ key: DeviceKey,
        receipt: String?,
        nonce: String,
        audience: String
    ) async throws -> (JWS, notes: [UInt8]) {
        let began = now()
        var collected = try await inspector.collect(at: began)
        inspector.remember(collected, at: began)
        let collectedAt = now()
        let notes = try Wire.encode(CollectorNotes(MachineView(collected, at: collectedAt)))
        while true {
            let report = Report(
                device: key.device,
                audience: audience,
                agent: "postured/\(Version.text)",
                collectedAt: collectedAt,
                facts: collected.facts,
                warpIDs: collected.warp.ids,
                checks: collected.checks.map { CheckFinding(id: $0.id, certificate: $0.finding) },
                receipt: receipt
            ).bounded
            let draft = Draft(type: .report, payload: try Wire.encode(report), nonce: nonce, audience: audience)
            let (jws, unproven) = try await assemble(draft, key, collected.checks)
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
        _ key: DeviceKey,
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
