internal import DeviceIdentity
internal import Logging
package import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import Scoring
internal import Verification

/// Registers devices, by an enrolment token or by the proof of a certificate.
package struct DeviceRegistration: Sendable {
    let store: any ScorerDatabase
    let intake: MessageIntake
    let changes: ChangeControl
    let logger: Logger

    /// Registers the device of a message; one that is known already is answered likewise.
    package func register(_ bytes: [UInt8], at now: Timestamp) async throws -> DeviceAnswer {
        let authentic = try await intake.registration(bytes, at: now)
        let answer = DeviceAnswer(device: authentic.device)
        // A device that is known has nothing to gain but by a token, which may name another one that it replaces.
        if authentic.payload.token == nil, let known = try await store.record(of: authentic.device),
            known.retiredAt == nil
        {
            return answer
        }
        var refusals: [String] = []
        if let token = authentic.payload.token {
            let way = Authorisation.token(hash: EnrolmentSecret.hash(token))
            guard let refusal = try await register(authentic.byToken, by: way, at: now) else { return answer }
            refusals.append(refusal.reason)
        }
        // A used-up token does not keep out a device that has a certificate.
        if let (registration, certificate) = try await certificate(of: authentic, at: now) {
            guard let refusal = try await register(registration, by: certificate, at: now) else { return answer }
            refusals.append(refusal.reason)
        }
        let nothing = "it brings neither an enrolment token nor a proof of a certificate that this scorer takes for one"
        throw Problem(.enrolmentRefused, refusals.isEmpty ? nothing : refusals.joined(separator: "; "))
    }

    /// Registers a device in one way.
    ///
    /// - Returns: why the device may not register so; nil if it is known now.
    private func register(
        _ registration: VerifiedRegistration,
        by authorisation: Authorisation,
        at now: Timestamp
    ) async throws -> RegistrationRefusal? {
        let outcome = try await store.decide(from: authorisation.request(of: registration.device)) { snapshot in
            let decision = decide(registration, by: authorisation, at: now, over: snapshot)
            guard case .register(let changes) = decision else { return (nil, decision) }
            return (Commit(changes), decision)
        }
        switch outcome {
        case .refused(let refusal): return refusal
        case .alreadyKnown: return nil
        case .register(let changes):
            for case .notice(let notice) in changes {
                logger.warning(
                    notice.kind.message,
                    metadata: ["device": "\(notice.device)", "other": "\(notice.other.printable(limit: 128))"]
                )
            }
            logger.info("device registered", metadata: ["device": "\(registration.device)"])
            return nil
        }
    }

    /// The certificate that a registration proves, judged where the policy lets devices in by it.
    private func certificate(
        of authentic: AuthenticMessage<Registration>,
        at now: Timestamp
    ) async throws -> (VerifiedRegistration, Authorisation)? {
        let rules = await changes.policy.registration
        guard rules.byCertificate, authentic.hasProof(for: changes.checkIDs) else { return nil }
        let registration = try await intake.judge(authentic, by: changes.context(at: now), at: now)
        return registration.provenCertificate.map {
            (registration, .certificate(fingerprint: $0, deviceLimit: rules.perCertificate))
        }
    }
}

extension Authorisation {
    /// Asks for what is needed to decide whether a device may register so.
    fileprivate func request(of device: DeviceID) -> Snapshot.Request {
        switch self {
        case .token(let hash): Snapshot.Request(devices: [device], tokens: [hash])
        case .certificate(let fingerprint, _): Snapshot.Request(devices: [device], certificates: [fingerprint])
        }
    }
}
