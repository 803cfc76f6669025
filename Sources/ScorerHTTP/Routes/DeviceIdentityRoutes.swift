internal import Hummingbird
internal import PostureModel
internal import ScorerCore
internal import ScorerModel

/// What operators decide of a device's identity: tags, assigned identifiers, and which device it replaces.
struct DeviceIdentityRoutes {
    let support: OperatorHandlerSupport

    func add(to group: RouterGroup<OperatorContext>) {
        group.put(":device/tags/:tag", use: tag)
            .delete(":device/tags/:tag", use: untag)
            .put(":device/identifiers/:kind/:value", use: assign)
            .delete(":device/identifiers/:kind/:value", use: unassign)
            .put(":device/replacement", use: replace)
    }

    @Sendable private func tag(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await support.answer {
            try await support.commands(context).tag(
                support.device(context),
                names: [support.parameter("tag", context)]
            )
        }
    }

    @Sendable private func untag(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await support.answer {
            try await support.commands(context).untag(
                support.device(context),
                names: [support.parameter("tag", context)]
            )
        }
    }

    @Sendable private func assign(_ request: Request, _ context: OperatorContext) async throws -> Response {
        let force = try await support.force(request)
        return try await support.answer {
            try await support.commands(context).assign(
                support.device(context),
                kind(context),
                support.parameter("value", context),
                force: force
            )
        }
    }

    @Sendable private func unassign(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await support.answer {
            try await support.commands(context).unassign(
                support.device(context),
                kind(context),
                support.parameter("value", context)
            )
        }
    }

    /// Puts another device in the place of the one that the path names.
    @Sendable private func replace(_ request: Request, _ context: OperatorContext) async throws -> Response {
        struct Body: Decodable { var device: String }
        let body = try await support.body(request, as: Body.self)
        return try await support.answer {
            try await support.commands(context).replace(support.device(context), by: body.device)
        }
    }

    private func kind(_ context: OperatorContext) throws(Problem) -> AssignedKind {
        guard let kind = AssignedKind(rawValue: support.parameter("kind", context)) else {
            let kinds = AssignedKind.allCases.map(\.rawValue).joined(separator: " or ")
            throw Problem(.malformed, "the kind of an identifier is \(kinds)")
        }
        return kind
    }
}
