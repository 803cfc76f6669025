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
        try await compareScores(by: current, and: candidate, at: now, limit: Self.sampleSize) { comparison in
            guard comparison.before.value >= current.0.passMark else { return }
            passing.insert(subject(comparison.stored))
            if comparison.after.value < current.0.passMark { failing.insert(subject(comparison.stored)) }
        }
        return Impact(passing: passing.count, failing: failing.count)
    }

    /// Scores at most `limit` devices by two policies and trusts, and calls `each` for every one.
    ///
    /// It begins after a random id and holds one page of reports at a time.
    func compareScores(
        by current: (Policy, Trust),
        and candidate: (Policy, Trust),
        at now: Timestamp,
        limit: Int,
        _ each: (ScoreComparison) throws -> Void
    ) async throws {
        let start = DeviceID(rawValue: Base64URL.encode(Digest.random(count: 32)))
        var (count, last, isSecondRound): (Int, DeviceID?, Bool) = (0, start, false)
        while count < limit {
            let page = try await store.reports(after: last, limit: min(500, limit - count))
            for stored in page {
                let device = stored.report.report.device
                if isSecondRound, let start, device.rawValue > start.rawValue { return }
                let evidence = await evidence(stored, at: now)
                try each(
                    ScoreComparison(
                        stored: stored,
                        before: current.0.score(evidence, trust: current.1, at: now),
                        after: candidate.0.score(evidence, trust: candidate.1, at: now)
                    )
                )
                count += 1
            }
            last = page.last?.report.report.device
            guard last == nil else { continue }
            if isSecondRound { return }
            isSecondRound = true
        }
    }

    /// Refuses to remove a trusted CA if that would fail too many of the devices that pass now.
    ///
    /// - Throws: ``OperatorError`` with how many.
    package func allowRemoval(ofCA id: String) async throws {
        guard let id = TrustedCAs.id(id) else { return }
        let (impact, isTooMuch) = try await impact(ofRemoving: id, at: now())
        guard isTooMuch else { return }
        throw OperatorError(
            .conflict,
            "without this CA \(impact.failing) of the \(impact.passing) devices that pass would fail",
            .confirmRemoval
        )
    }
}

/// The scores of a device by two policies and trusts.
struct ScoreComparison: Sendable {
    var stored: StoredReport
    var before: Score
    var after: Score
}
