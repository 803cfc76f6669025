internal import Hummingbird
internal import PostureModel
internal import ScorerCore
internal import ScorerModel
internal import ScorerStore

/// Enrolment tokens on the operators' listener.
struct TokenRoutes {
    let support: OperatorHandlerSupport

    func add(to group: RouterGroup<OperatorContext>) {
        group.get(use: list).post(use: make).delete(":hash", use: revoke)
    }

    @Sendable private func list(_ request: Request, _ context: OperatorContext) async throws -> Response {
        struct List: Encodable { var tokens: [EnrolmentToken] }
        return try .json(List(tokens: await support.scorer.store.tokens(limit: 10_000)))
    }

    /// The one answer that has the token itself.
    @Sendable private func make(_ request: Request, _ context: OperatorContext) async throws -> Response {
        struct Body: Decodable {
            var uses: Int?
            var expiresIn: TimeSpan?
            var replaces: String?

            private enum CodingKeys: String, CodingKey {
                case uses, replaces
                case expiresIn = "expires_in"
            }
        }
        let body = try await support.body(request, as: Body.self)
        return try await support.answer(status: .created) {
            let made = try await support.commands(context).createToken(
                uses: body.uses ?? 1,
                expiresIn: body.expiresIn ?? TimeSpan(seconds: 86_400),
                replacing: body.replaces
            )
            return MadeToken(token: made.token, stored: made.stored)
        }
    }

    @Sendable private func revoke(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await support.answer {
            try await support.commands(context).revokeToken(context.parameters.get("hash") ?? "")
        }
    }
}

private struct MadeToken: Encodable {
    var token: String
    var stored: EnrolmentToken

    private enum CodingKeys: String, CodingKey { case token }

    func encode(to encoder: any Encoder) throws {
        try stored.encode(to: encoder)
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(token, forKey: .token)
    }
}

extension EnrolmentToken: Encodable {
    private enum CodingKeys: String, CodingKey {
        case hash, replaces
        case createdAt = "created_at"
        case expiresAt = "expires_at"
        case usesLeft = "uses_left"
        case createdBy = "created_by"
    }

    /// Writes a token for operators: its hash, never itself.
    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(hash, forKey: .hash)
        try object.encode(createdAt, forKey: .createdAt)
        try object.encode(expiresAt, forKey: .expiresAt)
        try object.encode(usesLeft, forKey: .usesLeft)
        try object.encode(createdBy, forKey: .createdBy)
        try object.encodeIfPresent(replaces, forKey: .replaces)
    }
}
