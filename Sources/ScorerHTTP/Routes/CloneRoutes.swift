internal import Hummingbird
internal import ScorerCore
internal import ScorerModel
internal import ScorerStore

/// Clone alarms on the operators' listener.
struct CloneRoutes {
    let support: OperatorHandlerSupport
    /// The most devices that are listed.
    private let limit = 1000

    func add(to group: RouterGroup<OperatorContext>) {
        group.get("clones", use: list)
            .delete("devices/:device/clone-alarm", use: clear)
    }

    @Sendable private func list(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try .json(["devices": await support.scorer.store.clones(limit: limit)])
    }

    @Sendable private func clear(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await support.answer { try await support.commands(context).clearCloneAlarm(support.device(context)) }
    }
}
