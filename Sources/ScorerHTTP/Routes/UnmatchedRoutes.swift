internal import Hummingbird
internal import ScorerCore
internal import ScorerModel
internal import ScorerStore

/// Unmatched devices on the operators' listener.
struct UnmatchedRoutes {
    let support: OperatorHandlerSupport
    /// The most devices that are listed.
    private let limit = 1000

    func add(to group: RouterGroup<OperatorContext>) { group.get("unmatched", use: list) }

    @Sendable private func list(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try .json(["unmatched": await support.scorer.store.unmatched(limit: limit)])
    }
}
