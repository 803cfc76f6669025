internal import Logging
package import PostureModel
internal import ScorerModel
package import ScorerStore
package import Scoring

/// The policy in force and the one that waits for approval, and the trusted CAs and CRLs.
///
/// Only operators' changes wait: a revocation counts at once, however many devices fail by it.
package struct ChangeControl: Sendable {
    private let checks: EffectiveChecks
    private let policies: ChangeGate<PolicyFile>
    private let estimate: ImpactEstimate
    private let outages: OutageTracker
    private let store: any ScorerDatabase

    init(
        checks: EffectiveChecks,
        policy: PolicyFile,
        store: any ScorerDatabase,
        outages: OutageTracker,
        logger: Logger
    ) {
        self.checks = checks
        self.store = store
        self.outages = outages
        policies = ChangeGate(.policy, .init(digest: policy.digest, value: policy), store: store, logger: logger)
        estimate = ImpactEstimate(store: store, outages: outages)
    }

    /// The ids of the checks.
    var checkIDs: [String] { checks.ids }

    /// The policy in force.
    package var policy: Policy { get async { await policies.current.value.policy } }

    /// How many changes wait for approval.
    package var pendingCount: Int { get async { await policies.pending == nil ? 0 : 1 } }

    /// The policy, the CAs and the CRLs that count now.
    ///
    /// - Throws: what the store throws.
    package func context(at now: Timestamp) async throws -> ScoringContext {
        let policy = await policy
        let snapshot = try await checks.at(now, crlGrace: policy.certificates.crlGrace)
        return ScoringContext(policy: policy, requirements: snapshot.requirements, trust: snapshot.trust)
    }

    /// The CRLs that are out of date.
    ///
    /// - Throws: what the store throws.
    package func revocationStatus(at now: Timestamp) async throws -> RevocationStatus {
        RevocationStatus(try await context(at: now).trust, at: now)
    }

    /// Begins with `policy`, unless it would fail too many of the devices that pass by the one that was in force last.
    func start(with policy: PolicyFile, at now: Timestamp) async throws {
        try await adopt(policy, at: now)
        try await policies.clearStaleHold()
    }

    /// Takes a policy that was read again, and considers again what waits.
    func reload(_ policy: PolicyFile, at now: Timestamp) async throws {
        try await adopt(policy, at: now, again: true)
    }

    /// Considers again what waits: it may be approved by now, or fail fewer devices; and reads the CRLs, so that one that is
    /// overdue is announced also where nobody asks.
    ///
    /// - Throws: what the store throws.
    package func reconsider(at now: Timestamp) async throws {
        _ = try await context(at: now)
        if let policy = await policies.proposed { try await adopt(policy, at: now, again: true) }
    }

    /// Takes a policy that was read again, unless it has to wait.
    private func adopt(_ file: PolicyFile, at now: Timestamp, again: Bool = false) async throws {
        let trust = try await context(at: now).trust
        let percent = await policy.approvalAbove
        let estimate = estimate
        let inForce = try await policies.propose(
            .init(digest: file.digest, value: file),
            again: again,
            percent: percent,
            at: now
        ) { old, new in
            try await estimate.impact(
                of: ScoringStandard(policy: new.policy, trust: trust),
                over: ScoringStandard(policy: old.policy, trust: trust),
                at: now
            )
        }
        _ = try await store.commit([Setting.policy.change(to: inForce.text)])
    }

    /// The policy that was in force when a scorer last ran on this store; nil if none did, or it cannot be read any more.
    package static func lastPolicy(in store: any ServiceStore) async throws -> PolicyFile? {
        guard let text = try await store.value(of: Setting.policy) else { return nil }
        return try? text.isEmpty ? .standard : PolicyFile(text: text)
    }

    /// The impact on the devices that pass now if a trusted CA is removed, and whether they are too many.
    private func impact(ofRemoving ca: String, at now: Timestamp) async throws -> (impact: Impact, isTooMuch: Bool) {
        let context = try await context(at: now)
        let grace = context.policy.certificates.crlGrace
        let without = try await checks.at(now, crlGrace: grace, without: ca).trust
        let impact = try await estimate.impact(
            of: ScoringStandard(policy: context.policy, trust: without),
            over: context.standard,
            at: now
        )
        return (impact, impact.needsApproval(above: context.policy.approvalAbove))
    }

    /// Refuses to remove a trusted CA if that would fail too many of the devices that pass now.
    ///
    /// - Throws: ``OperatorError`` with how many.
    package func allowRemoval(ofCA id: String, at now: Timestamp) async throws {
        guard let id = TrustedCAs.id(id) else { return }
        let (impact, isTooMuch) = try await impact(ofRemoving: id, at: now)
        guard isTooMuch else { return }
        throw OperatorError(
            .conflict,
            "without this CA \(impact.failing) of the \(impact.passing) devices that pass would fail",
            .confirmRemoval
        )
    }

    /// Scores at most `limit` devices by a policy, and calls `each` with every score that would change; it changes nothing.
    ///
    /// It holds one page of reports at a time.
    package func simulate(
        _ candidate: Policy,
        limit: Int,
        at now: Timestamp,
        each: (SimulatedScore) throws -> Void = { _ in }
    ) async throws -> PolicySimulation {
        try await outages.refresh()
        let context = try await context(at: now)
        var simulation = PolicySimulation(passMark: context.policy.passMark)
        try await estimate.forEachDevice(
            from: context.standard,
            to: ScoringStandard(policy: candidate, trust: context.trust),
            at: now,
            limit: limit
        ) { change in
            let (before, after) = (change.before.value, change.after.value)
            simulation.examined += 1
            if before >= simulation.passMark {
                simulation.impact.passing += 1
                if after < simulation.passMark { simulation.impact.failing += 1 }
            }
            guard before != after else { return }
            simulation.changed += 1
            try each(
                SimulatedScore(
                    device: change.record.device,
                    before: before,
                    after: after,
                    failing: change.after.failing.map(\.rawValue)
                )
            )
        }
        simulation.needsApproval = simulation.impact.needsApproval(above: context.policy.approvalAbove)
        return simulation
    }
}
