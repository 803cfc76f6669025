internal import OpenSSLBridge
package import PostureModel
package import ScorerModel
internal import ScorerStore
package import Scoring
internal import Verification

/// What a change of policy, CAs or revocation lists would do to the devices.
extension Scorer {
    /// How many devices a change is tried on: those after a random id, so that nobody can choose to be among them.
    package static let sampleSize = 2000

    /// What happens to the devices that pass now if a trusted CA is removed.
    package func impact(ofRemoving ca: String, at now: Timestamp) async throws -> (impact: Impact, isTooMuch: Bool) {
        let context = try await scoringContext(at: now)
        let without = try await checks.at(now, files: revocations.current.value, without: ca).trust
        let impact = try await impact(of: (context.policy, without), over: (context.policy, context.trust), at: now)
        return (impact, impact.isMore(than: context.policy.holdAbove))
    }

    /// How many of a sample pass by `current` and not by `candidate`: of devices, or of what `subject` says of them.
    package func impact(
        of candidate: (Policy, Trust),
        over current: (Policy, Trust),
        at now: Timestamp,
        counting subject: @Sendable (StoredReport) -> String = { $0.report.report.device.rawValue }
    ) async throws -> Impact {
        var (passing, failing): (Set<String>, Set<String>) = ([], [])
        for change in try await changes(from: current, to: candidate, at: now, limit: Self.sampleSize) {
            guard change.before.value >= current.0.passMark else { continue }
            passing.insert(subject(change.stored))
            if change.after.value < current.0.passMark { failing.insert(subject(change.stored)) }
        }
        return Impact(passing: passing.count, failing: failing.count)
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
}

/// A device's score by what is in force, and by what would be.
package struct ScoreChange: Sendable {
    package var stored: StoredReport
    package var before: Score
    package var after: Score
}
