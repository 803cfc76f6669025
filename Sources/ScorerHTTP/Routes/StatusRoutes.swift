internal import Hummingbird
internal import ScorerCore

/// The state of the fleet on the operators' listener.
struct StatusRoutes {
    let support: OperatorHandlerSupport

    func add(to group: RouterGroup<OperatorContext>) { group.get("status", use: show) }

    @Sendable private func show(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await support.answer { try await support.commands(context).status() }
    }
}
