internal import OpenSSLBridge
package import PostureModel
package import ScorerModel
internal import ScorerStore
package import Scoring
package import Verification

/// What a score is made by at one moment, besides the evidence.
package struct Basis: Sendable {
    /// The policy in force.
    package var policy: Policy
    /// What a certificate that is shown now has to meet, by the check's id.
    package var requirements: [String: CertificateRequirements]
    /// What a verdict of before is good by now.
    package var trust: Trust
}

extension Scorer {
    /// How many devices a change is tried on: those after a random id, so that nobody can choose to be among them.
    package static let sampleSize = 2000

    /// The policy, the CAs and the CRLs that count now.
    package func basis(at now: Timestamp, again: Bool = false) async throws -> Basis {
        let policy = await policies.current.value.policy
        let files = await checks.files(at: now)
        let lists = try await revocations.offer(
            .init(id: files.id, value: files),
            again: again,
            percent: policy.holdAbove,
            at: now
        ) { old, new in
            let (old, new) = (try await checks.at(now, files: old), try await checks.at(now, files: new))
            // By certificates: whoever has one on many devices does not hold its revocation.
            return try await effect(of: (policy, new.trust), over: (policy, old.trust), at: now) { stored in
                stored.standing.proven.first ?? stored.report.report.device.rawValue
            }
        }
        let moment = try await checks.at(now, files: lists)
        return Basis(policy: policy, requirements: moment.requirements, trust: moment.trust)
    }

    /// Takes a policy that was read again, unless it is to be held.
    package func adopt(_ file: PolicyFile, at now: Timestamp, again: Bool = false) async throws {
        let trust = try await basis(at: now).trust
        let percent = await policies.current.value.policy.holdAbove
        let inForce = try await policies.offer(.init(id: file.id, value: file), again: again, percent: percent, at: now)
        {
            try await effect(of: ($1.policy, trust), over: ($0.policy, trust), at: now)
        }
        try await store.set("policy", to: inForce.text)
    }

    /// What happens to the devices that pass now if a trusted CA is removed.
    package func effect(ofRemoving ca: String, at now: Timestamp) async throws -> (effect: Effect, isTooMuch: Bool) {
        let basis = try await basis(at: now)
        let without = try await checks.at(now, files: revocations.current.value, without: ca).trust
        let effect = try await effect(of: (basis.policy, without), over: (basis.policy, basis.trust), at: now)
        return (effect, effect.isMore(than: basis.policy.holdAbove))
    }

    /// How many of a sample pass by `current` and not by `candidate`: of devices, or of what `subject` says of them.
    package func effect(
        of candidate: (Policy, Trust),
        over current: (Policy, Trust),
        at now: Timestamp,
        counting subject: @Sendable (StoredReport) -> String = { $0.report.report.device.rawValue }
    ) async throws -> Effect {
        var (passing, failing): (Set<String>, Set<String>) = ([], [])
        for change in try await changes(from: current, to: candidate, at: now, limit: Self.sampleSize) {
            guard change.before.value >= current.0.passMark else { continue }
            passing.insert(subject(change.stored))
            if change.after.value < current.0.passMark { failing.insert(subject(change.stored)) }
        }
        return Effect(passing: passing.count, failing: failing.count)
    }

    /// The scores of devices, at most `limit` of them, by two policies and trusts.
    package func changes(
        from current: (Policy, Trust),
        to candidate: (Policy, Trust),
        at now: Timestamp,
        limit: Int
    ) async throws -> [ScoreChange] {
        let start = DeviceID(rawValue: Base64URL.encode(Digest.random(count: 32)))
        var (changes, last, isSecondRound): ([ScoreChange], DeviceID?, Bool) = ([], start, false)
        while changes.count < limit {
            let page = try await store.reports(after: last, limit: min(500, limit - changes.count))
            for stored in page {
                let device = stored.report.report.device
                if isSecondRound, let start, device.rawValue > start.rawValue { return changes }
                let evidence = await evidence(stored, at: now)
                changes.append(
                    ScoreChange(
                        stored: stored,
                        before: current.0.score(evidence, trust: current.1, at: now),
                        after: candidate.0.score(evidence, trust: candidate.1, at: now)
                    )
                )
            }
            last = page.last?.report.report.device
            guard last == nil else { continue }
            if isSecondRound { break }
            isSecondRound = true
        }
        return changes
    }

    /// What is known of a device, for a score as of `now`.
    package func evidence(_ stored: StoredReport, at now: Timestamp) async -> Evidence {
        Evidence(stored, age: await uptime.age(of: stored.receivedAt, at: now))
    }
}

/// A device's score by what is in force, and by what would be.
package struct ScoreChange: Sendable {
    package var stored: StoredReport
    package var before: Score
    package var after: Score
}
