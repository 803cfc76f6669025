internal import OpenSSLBridge
package import PostureModel
package import ScorerModel
internal import ScorerStore
package import Scoring
package import Verification

/// What a score is made by at one moment, besides the evidence.
package struct ScoringContext: Sendable {
    /// The policy in force.
    package var policy: Policy
    /// What a certificate that is shown now has to meet, by the check's id.
    package var requirements: [String: CertificateRequirements]
    /// What a verdict of before is good by now.
    package var trust: Trust
}

extension Scorer {
    /// The policy, the CAs and the CRLs that count now.
    package func scoringContext(at now: Timestamp, again: Bool = false) async throws -> ScoringContext {
        let policy = await policies.current.value.policy
        let files = await checks.files(at: now)
        let lists = try await revocations.propose(
            .init(id: files.id, value: files),
            again: again,
            percent: policy.holdAbove,
            at: now
        ) { old, new in
            let (old, new) = (try await checks.at(now, files: old), try await checks.at(now, files: new))
            // By certificates: whoever has one on many devices does not hold its revocation.
            return try await impact(of: (policy, new.trust), over: (policy, old.trust), at: now) { stored in
                stored.standing.proven.first ?? stored.report.report.device.rawValue
            }
        }
        let snapshot = try await checks.at(now, files: lists)
        return ScoringContext(policy: policy, requirements: snapshot.requirements, trust: snapshot.trust)
    }

    /// Takes a policy that was read again, unless it is to be held.
    package func adopt(_ file: PolicyFile, at now: Timestamp, again: Bool = false) async throws {
        let trust = try await scoringContext(at: now).trust
        let percent = await policies.current.value.policy.holdAbove
        let inForce = try await policies.propose(
            .init(id: file.id, value: file),
            again: again,
            percent: percent,
            at: now
        ) {
            try await impact(of: ($1.policy, trust), over: ($0.policy, trust), at: now)
        }
        try await store.set("policy", to: inForce.text)
    }

    /// What is known of a device, for a score as of `now`.
    package func evidence(_ stored: StoredReport, at now: Timestamp) async -> Evidence {
        Evidence(stored, age: await outageTracker.age(of: stored.receivedAt, at: now))
    }
}
