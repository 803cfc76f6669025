internal import HTTPTypes
internal import Hummingbird
internal import OpenSSLBridge
internal import PostureModel

/// A request on the operators' listener, with who it is.
struct OperatorContext: ChildRequestContext {
    var coreContext: CoreRequestContextStorage
    /// What the audit has of whoever asks; ``OperatorMiddleware`` sets it.
    var actor = "nobody"

    init(context: BasicRequestContext) {
        coreContext = context.coreContext
    }
}

/// Lets operators through, and says who they are.
struct OperatorMiddleware: RouterMiddleware {
    typealias Context = OperatorContext
    let token: BearerToken

    func handle(
        _ request: Request,
        context: OperatorContext,
        next: @concurrent (Request, OperatorContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.actor = try await actor(of: request)
        return try await next(request, context)
    }

    /// Who asks, in the audit's words.
    private func actor(of request: Request) async throws(Problem) -> String {
        guard token.isShown(by: request) else {
            throw Problem(.forbidden, "send the operator token as 'Authorization: Bearer …'")
        }
        return "operator token"
    }
}

/// Lets through whoever may read the numbers: with the metrics token, which is for nothing else, or the operator token.
struct MetricsMiddleware: RouterMiddleware {
    typealias Context = BasicRequestContext
    let tokens: [BearerToken]

    func handle(
        _ request: Request,
        context: BasicRequestContext,
        next: @concurrent (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        guard tokens.contains(where: { $0.isShown(by: request) }) else {
            throw Problem(.forbidden, "send the metrics token as 'Authorization: Bearer …'")
        }
        return try await next(request, context)
    }
}

/// A secret that is shown as `Authorization: Bearer …` (RFC 6750 §2.1).
struct BearerToken: Sendable {
    private let expected: [UInt8]

    init(_ token: String) { expected = Array("Bearer \(token)".utf8) }

    /// Compares in a time that says nothing of the token.
    func isShown(by request: Request) -> Bool {
        Digest.areEqual(Array((request.headers[.authorization] ?? "").utf8), expected)
    }
}
