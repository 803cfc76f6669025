internal import Hummingbird
internal import ScorerCore

/// Pending changes on the operators' listener.
struct ChangeRoutes {
    let support: OperatorHandlerSupport

    func add(to group: RouterGroup<OperatorContext>) {
        group.get("held", use: list)
            .post("held/confirm", use: approve)
    }

    @Sendable private func list(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await support.answer {
            ["held": try await support.commands(context).pendingChanges().map(\.description)]
        }
    }

    /// Approves all of them. They take effect at once in this process, and in others within a minute.
    @Sendable private func approve(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await support.answer {
            let approved = try await support.commands(context).approveChanges()
            try await support.scorer.reconsiderPendingChanges()
            return ["confirmed": approved.map(\.description)]
        }
    }
}
