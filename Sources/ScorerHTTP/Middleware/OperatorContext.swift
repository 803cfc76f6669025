internal import CloudflareAccess
internal import HTTPTypes
internal import Hummingbird
internal import OpenSSLBridge
internal import PostureModel

/// A request on the operators' listener, with who it is.
struct OperatorContext: ChildRequestContext {
    var coreContext: CoreRequestContextStorage
    /// The audit's name of the caller; ``OperatorMiddleware`` sets it.
    var actor = "nobody"

    init(context: BasicRequestContext) {
        coreContext = context.coreContext
    }
}

/// Lets operators through, and says who they are: with the operator token, or through Cloudflare Access with a token of the
/// operators' audience.
struct OperatorMiddleware: RouterMiddleware {
    typealias Context = OperatorContext
    let token: BearerToken
    /// Nil where the configuration has no audience for operators.
    let access: AccessVerifier?

    func handle(
        _ request: Request,
        context: OperatorContext,
        next: @concurrent (Request, OperatorContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.actor = try await actor(of: request)
        return try await next(request, context)
    }

    /// Returns the audit's name of the caller.
    private func actor(of request: Request) async throws(Problem) -> String {
        if token.isShown(by: request) { return "operator token" }
        guard let access else {
            throw Problem(.forbidden, "send the operator token as 'Authorization: Bearer …'")
        }
        // A browser shows the cookie of Access to every page's request; it says whose page that is.
        let site = HTTPField.Name("Sec-Fetch-Site").flatMap { request.headers[$0] } ?? "none"
        let origin = request.headers[.origin].flatMap { $0.split(separator: "/").last.map(String.init) }
        guard
            [.get, .head].contains(request.method)
                || (["none", "same-origin"].contains(site) && (origin == nil || origin == request.head.authority))
        else {
            throw Problem(.forbidden, "changes are not taken from another site's page")
        }
        do { return "\(try await access.identity(of: request)) through Cloudflare Access" } catch {
            throw Problem(
                .forbidden,
                "send the operator token as 'Authorization: Bearer …', or come through Cloudflare Access"
            )
        }
    }
}

/// Lets requests for metrics through that present the metrics token, which is for nothing else, or the operator token.
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
