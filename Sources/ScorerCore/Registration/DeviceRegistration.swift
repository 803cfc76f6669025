internal import Logging
internal import OpenSSLBridge
package import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import Scoring
internal import Verification

/// Registrations of new devices.
extension Scorer {
    /// Registers a device by its token, or by its certificate's proof.
    package func ingest(registration bytes: [UInt8]) async throws -> RegistrationAnswer {
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
            let outcome = try await register(authentic.byToken, by: .token(hash: EnrolmentSecret.hash(token)), at: now)
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
        let (context, judge) = (try await scoringContext(at: now), judge)
        let registration = try await desk.run(.registration) {
            judge.registration(authentic, checks: context.requirements, at: now)
        }
        return registration.provenCertificate.map {
            (registration, .certificate(fingerprint: $0, deviceLimit: rules.devicesPerCertificate))
        }
    }
}
