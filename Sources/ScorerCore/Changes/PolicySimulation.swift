package import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import Scoring

/// The score of a device by the policy in force, and by a proposed one that changes it.
package struct SimulatedScore: Sendable, Equatable {
    package let device: DeviceID
    package let before: Int
    package let after: Int
    /// The rules that fail by the proposed policy.
    package let failing: [String]
}

/// What a policy would do to the devices together.
package struct PolicySimulation: Sendable, Equatable {
    /// How many devices were examined.
    package var examined = 0
    /// How many would have another score.
    package var changed = 0
    /// How many of those that pass would fail.
    package var impact = Impact()
    /// The score from which on a device passes now.
    package var passMark = 0
    /// Whether the change would wait for approval.
    package var needsApproval = false
}

extension Scorer {
    /// Scores at most `limit` devices by a policy, and calls `each` with every score that would change; it changes nothing.
    ///
    /// It holds one page of reports at a time.
    package func simulate(
        _ policy: PolicyFile,
        limit: Int,
        each: (SimulatedScore) throws -> Void = { _ in }
    ) async throws -> PolicySimulation {
        let now = now()
        try await outageTracker.refresh()
        let context = try await scoringContext(at: now)
        var simulation = PolicySimulation(passMark: context.policy.passMark)
        try await compareScores(
            by: (context.policy, context.trust),
            and: (policy.policy, context.trust),
            at: now,
            limit: limit
        ) { comparison in
            let (before, after) = (comparison.before.value, comparison.after.value)
            simulation.examined += 1
            if before >= simulation.passMark {
                simulation.impact.passing += 1
                if after < simulation.passMark { simulation.impact.failing += 1 }
            }
            guard before != after else { return }
            simulation.changed += 1
            try each(
                SimulatedScore(
                    device: comparison.stored.report.report.device,
                    before: before,
                    after: after,
                    failing: comparison.after.rules.filter { !$0.outcome.counts && !$0.isWarning }.map(\.rule)
                )
            )
        }
        simulation.needsApproval = simulation.impact.isMore(than: context.policy.holdAbove)
        return simulation
    }
}
