internal import Logging
internal import OpenSSLBridge
package import PostureModel
package import ScorerModel
internal import ScorerStore
internal import Scoring
internal import Verification

/// What devices send.
///
/// A message is refused as soon as it can be, and what is cheap comes first: its size and form, its nonce, whether its device
/// is known, the device's signature, how often it comes, and what lets a new device in. Certificates are judged last, once,
/// and only of an ``AuthenticMessage``.
extension Scorer {
    /// Takes a report and answers with the score it makes.
    package func take(report bytes: [UInt8]) async throws -> ReportAnswer {
        let now = now()
        let (message, nonce, key) = try await open(bytes, at: now)
        let verifier = verifier
        let authentic = try await desk.run(.arrival) {
            try verifier.authenticReport(message, key: PublicKey(key), nonce: nonce)
        }
        try admit(authentic.device, nonce, at: now)
        let basis = try await basis(at: now)
        let judge = judge
        let report = try await desk.run(.report) { judge.report(authentic, checks: basis.requirements, at: now) }
        let outcome = try await store.accept(report, receivedAt: now) { standing in
            let stored = StoredReport(report: report, receivedAt: now, standing: standing)
            return basis.policy.failing(Evidence(stored, age: 0), trust: basis.trust, at: now)
        }
        let stored: StoredReport
        switch outcome {
        case .accepted(let standing, let change):
            await tell(change, of: report.report.device, at: now)
            stored = StoredReport(report: report, receivedAt: now, standing: standing)
        case .stale: throw Problem(.badNonce, "a report with this nonce, or a newer one, was accepted already")
        case .unknownDevice: throw Self.unknownDevice
        }
        let answer = await answer(to: stored, basis, at: now)
        logger.debug(
            "report accepted",
            metadata: [
                "device": "\(answer.device)", "score": "\(answer.score.value)",
            ]
        )
        return answer
    }

    /// Registers a device by its token, or by its certificate's proof.
    package func take(registration bytes: [UInt8]) async throws -> RegistrationAnswer {
        let now = now()
        let (message, nonce) = try await receive(bytes, at: now)
        let verifier = verifier
        let authentic = try await desk.run(.arrival) { try verifier.authenticRegistration(message, nonce: nonce) }
        try refuse(waiting: newcomers.take(authentic.device, at: now))
        try spend(nonce, by: authentic.device, at: now)
        let answer = RegistrationAnswer(device: authentic.device)
        if try await store.key(of: authentic.device) != nil { return answer }
        var refusals: [String] = []
        if let token = authentic.payload.token {
            let outcome = try await register(authentic.byToken, by: .token(hash: EnrolmentToken.hash(token)), at: now)
            guard case .refused(let reason) = outcome else { return answer }
            refusals.append(reason)
        }
        // A token that was used up stands in nobody's way who has a certificate.
        if let (registration, certificate) = try await certificate(of: authentic, at: now) {
            guard case .refused(let reason) = try await register(registration, by: certificate, at: now) else {
                return answer
            }
            refusals.append(reason)
        }
        let nothing = "it brings neither an enrolment token nor a proof of a certificate that this scorer takes for one"
        throw Problem(.enrolmentRefused, refusals.isEmpty ? nothing : refusals.joined(separator: "; "))
    }

    private func register(
        _ registration: VerifiedRegistration,
        by authorisation: Authorisation,
        at now: Timestamp
    ) async throws -> RegistrationOutcome {
        let outcome = try await store.register(registration, by: authorisation, at: now)
        if outcome == .registered {
            logger.info("device registered", metadata: ["device": "\(registration.device)"])
        }
        return outcome
    }

    /// The certificate that a registration proves, judged where the policy lets one in by it.
    private func certificate(
        of authentic: AuthenticMessage<Registration>,
        at now: Timestamp
    ) async throws -> (VerifiedRegistration, Authorisation)? {
        let rules = await policies.current.value.policy.registration
        guard rules.byCertificate, authentic.hasProof(for: checks.ids) else { return nil }
        let (basis, judge) = (try await basis(at: now), judge)
        let registration = try await desk.run(.registration) {
            judge.registration(authentic, checks: basis.requirements, at: now)
        }
        return registration.provenCertificate.map {
            (registration, .certificate(fingerprint: $0, deviceLimit: rules.devicesPerCertificate))
        }
    }

    /// A device's own score and reasons.
    package func take(ownRecord bytes: [UInt8]) async throws -> ReportAnswer {
        let now = now()
        let (message, nonce, key) = try await open(bytes, at: now)
        let verifier = verifier
        let device = try await desk.run(.arrival) {
            try verifier.ownRecord(message, key: PublicKey(key), nonce: nonce)
        }
        try admit(device, nonce, at: now)
        guard let record = try await record(of: device) else {
            throw Problem(.notFound, "the device has not reported yet")
        }
        return record.answer
    }

    /// Tells operators what a report changed for others.
    package func tell(_ change: BindingChange, of device: DeviceID, at now: Timestamp) async {
        if !change.refused.isEmpty { await tally.count(Tally.Binding.refused) }
        if !change.taken.isEmpty { await tally.count(Tally.Binding.taken) }
        if change.isClone { await tally.count(Tally.Binding.cloned) }
        func say(_ text: Logger.Message, _ identifiers: [Identifier]) {
            guard !identifiers.isEmpty else { return }
            let list = identifiers.map { "\($0.kind) \($0.value)" }.joined(separator: ", ")
            journal.warn(text, of: device, ["claims": "\(list)"], at: now)
        }
        say("a device claims what is another's, and does not get it: posture-scorer devices contested", change.refused)
        say(
            "a device has the better claim to what was another's, and gets it: posture-scorer devices contested",
            change.taken
        )
        if change.isClone {
            journal.warn(
                "two machines report with one device key, which scores 0 now: posture-scorer devices clones",
                of: device,
                at: now
            )
        }
    }

    // MARK: - What comes before

    /// Reads a message, and checks that its nonce is good and new.
    private func receive(_ bytes: [UInt8], at now: Timestamp) async throws -> (UnverifiedMessage, VerifiedNonce) {
        let (authority, spent) = (try await nonces.authority(at: now), spent)
        return try await desk.run(.arrival) {
            let message = try UnverifiedMessage(parsing: bytes)
            let nonce = try authority.verify(message.nonce, at: now)
            if let signer = message.claimedSigner, spent.isSpent(nonce, by: signer) { throw Self.usedNonce }
            return (message, nonce)
        }
    }

    /// Reads a message of a registered device, checks its nonce and finds its key.
    private func open(_ bytes: [UInt8], at now: Timestamp) async throws -> (UnverifiedMessage, VerifiedNonce, JWK) {
        let (message, nonce) = try await receive(bytes, at: now)
        guard let device = message.claimedDevice else {
            throw Problem(.malformed, "the device's signature names its device as 'kid'")
        }
        // A look: whoever cannot sign for the device takes none of its turns.
        try refuse(waiting: devices.wait(for: device, at: now))
        guard let key = try await store.key(of: device) else { throw Self.unknownDevice }
        return (message, nonce, key)
    }

    /// Lets a message through whose signature holds: its nonce is used up, and one of the device's turns.
    private func admit(_ device: DeviceID, _ nonce: VerifiedNonce, at now: Timestamp) throws(Problem) {
        try spend(nonce, by: device, at: now)
        try refuse(waiting: devices.take(device, at: now))
    }

    private func spend(_ nonce: VerifiedNonce, by device: DeviceID, at now: Timestamp) throws(Problem) {
        guard spent.spend(nonce, by: device, at: now) else { throw Self.usedNonce }
    }

    private func refuse(waiting seconds: Int64) throws(Problem) {
        guard seconds > 0 else { return }
        var problem = Problem(.tooManyRequests, "this device sends more than its share: wait \(seconds) s")
        problem.retryAfter = Int(seconds)
        throw problem
    }

    private static let unknownDevice = Problem(.unknownDevice, "register it first: POST /v1/devices")
    private static let usedNonce = Problem(
        .badNonce,
        "a message with this nonce was taken already: take the nonce of this answer"
    )
}
