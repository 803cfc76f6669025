package import DeviceIdentity
package import PostureModel
internal import ScorerModel
package import ScorerStore

extension ScorerDatabase {
    /// Decides on a registration by the certificate `leaf`, by which `limit` devices may register, and stores it.
    @discardableResult
    package func add(_ registration: VerifiedRegistration, limit: Int = 100_000, at now: Timestamp) async throws
        -> RegistrationDecision
    {
        let authorisation = Authorisation.certificate(fingerprint: "leaf", deviceLimit: limit)
        let request = Snapshot.Request(devices: [registration.device], certificates: ["leaf"])
        return try await decide(from: request) { snapshot in
            let decision = DeviceIdentity.decide(registration, by: authorisation, at: now, over: snapshot)
            guard case .register(let changes) = decision else { return (nil, decision) }
            return (Commit(changes), decision)
        }
    }

    /// Decides on a report and stores it.
    @discardableResult
    package func accept(_ report: VerifiedReport, at now: Timestamp) async throws -> IngestDecision {
        return try await decide(from: Snapshot.Request(for: report)) { snapshot in
            let decision = try DeviceIdentity.decide(report, receivedAt: now, over: snapshot)
            return (Commit(decision.changes(names: DeviceName.all(of: report.report))), decision)
        }
    }
}
