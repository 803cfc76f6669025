internal import Hummingbird
internal import ScorerCore

/// Clone alarms on the operators' listener.
struct CloneRoutes {
    let support: OperatorHandlerSupport
    /// The most alarms that are listed.
    private let limit = 1000

    func add(to group: RouterGroup<OperatorContext>) {
        group.get("clones", use: list)
            .delete("devices/:device/notices", use: clear)
    }

    @Sendable private func list(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await support.answer { ["alarms": try await support.commands(context).cloneAlarms(limit: limit)] }
    }

    /// Clears the clone alarms of a device, and its other notices.
    @Sendable private func clear(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await support.answer { try await support.commands(context).clearNotices(support.device(context)) }
    }
}
