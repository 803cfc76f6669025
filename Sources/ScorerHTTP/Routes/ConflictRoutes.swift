internal import Hummingbird
internal import PostureModel
internal import ScorerCore

/// Identifier conflicts on the operators' listener.
struct ConflictRoutes {
    let support: OperatorHandlerSupport
    /// The most conflicts of identifiers, and the most notices, that are listed.
    private let limit = 1000

    func add(to group: RouterGroup<OperatorContext>) {
        group.get("conflicts", use: list)
            .post("devices/:device/resolve-conflicts", use: resolve)
    }

    @Sendable private func list(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await support.answer { ["conflicts": try await support.commands(context).conflicts(limit: limit)] }
    }

    @Sendable private func resolve(_ request: Request, _ context: OperatorContext) async throws -> Response {
        let force = try await support.force(request)
        return try await support.answer {
            try await support.commands(context).resolveConflicts(support.device(context), force: force)
        }
    }
}
