internal import Hummingbird
internal import PostureModel
internal import ScorerCore
internal import ScorerModel

/// Pending changes on the operators' listener.
struct ChangeRoutes {
    let support: OperatorHandlerSupport

    func add(to group: RouterGroup<OperatorContext>) {
        group.get("changes", use: list)
            .post("changes/approve", use: approve)
    }

    @Sendable private func list(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await support.answer {
            ["changes": try await support.commands(context).pendingChanges().map(ShownChange.init)]
        }
    }

    /// Approves all pending changes.
    ///
    /// They take effect at once in this process, and in others within a minute.
    @Sendable private func approve(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await support.answer {
            let approved = try await support.commands(context).approveChanges()
            try await support.scorer.changes.reconsider(at: support.scorer.now())
            return ["approved": approved.map(ShownChange.init)]
        }
    }
}

/// A pending change for operators.
private struct ShownChange: Encodable {
    /// `policy`.
    var subject: PendingChange.Subject
    /// The SHA-256 of the proposed value.
    var digest: String
    /// How many of the examined devices pass now.
    var passing: Int
    /// How many of those would fail.
    var failing: Int
    var since: Timestamp

    init(_ change: PendingChange) {
        (subject, digest, since) = (change.subject, change.digest, change.since)
        (passing, failing) = (change.impact.passing, change.impact.failing)
    }
}
