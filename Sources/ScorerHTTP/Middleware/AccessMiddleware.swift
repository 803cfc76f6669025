internal import CloudflareAccess
internal import Hummingbird
internal import Logging
internal import PostureModel
internal import ScorerCore

/// Logs that tokens are refused, at most once a minute, so that requests cannot fill the log.
private actor RefusalLog {
    private let role: String
    private let logger: Logger
    private var refusals = 0
    private var saidAt: Timestamp?

    init(role: String, logger: Logger) { (self.role, self.logger) = (role, logger) }

    func add(_ reason: String, at now: Timestamp) {
        refusals += 1
        if let saidAt, abs(now.seconds(since: saidAt)) < 60 { return }
        logger.notice(
            "Access tokens were refused",
            metadata: ["for": "\(role)", "count": "\(refusals)", "last.reason": "\(reason.printable())"]
        )
        (refusals, saidAt) = (0, now)
    }
}

/// Lets a request through only if it proves its caller.
///
/// Whatever is wrong, the answer is a plain 403.
struct AccessMiddleware: RouterMiddleware {
    private let identify: @Sendable (Request) async throws(AccessToken.Refusal) -> AccessIdentity
    private let refusals: RefusalLog
    private let now: @Sendable () -> Timestamp

    /// Asks for an Access token; `role` is for the log.
    init(_ verifier: AccessVerifier, role: String, logger: Logger, now: @escaping @Sendable () -> Timestamp) {
        self.init(role: role, logger: logger, now: now) { request throws(AccessToken.Refusal) in
            try await verifier.identity(of: request)
        }
    }

    /// Asks `identify`.
    init(
        role: String,
        logger: Logger,
        now: @escaping @Sendable () -> Timestamp,
        identify: @escaping @Sendable (Request) async throws(AccessToken.Refusal) -> AccessIdentity
    ) {
        self.identify = identify
        self.refusals = RefusalLog(role: role, logger: logger)
        self.now = now
    }

    func handle(
        _ request: Request,
        context: BasicRequestContext,
        next: @concurrent (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        do throws(AccessToken.Refusal) { _ = try await identify(request) } catch {
            await refusals.add("\(error)", at: now())
            throw Problem(.forbidden)
        }
        return try await next(request, context)
    }
}
