internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import PostureModel

/// The custom device posture API that Cloudflare calls.
///
/// - SeeAlso: <https://developers.cloudflare.com/cloudflare-one/integrations/service-providers/custom/>
struct CloudflareRoutes {
    let scorer: Scorer
    let access: AccessMiddleware
    var withReasonCodes = false
    private let shapes: ShapeLog

    init(scorer: Scorer, access: AccessMiddleware, withReasonCodes: Bool = false) {
        self.scorer = scorer
        self.access = access
        self.withReasonCodes = withReasonCodes
        self.shapes = ShapeLog(logger: scorer.logger)
    }

    /// "Test and save" may ask in a way that is written nowhere: by any method that carries a question, with a body or
    /// without one. It is answered as a question is: the token is what it tests.
    func add(to router: Router<BasicRequestContext>) {
        router.group("/v1/cloudflare/posture")
            .add(middleware: CountingMiddleware(tally: scorer.tally))
            .add(middleware: access)
            .post(use: evaluate)
            .get(use: evaluate)
            .head(use: evaluate)
            .put(use: evaluate)
    }

    @Sendable private func evaluate(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        let bytes = try await request.bytes(upTo: CloudflareBody.sizeLimit)
        let body = try CloudflareBody(parsing: bytes)
        await shapes.add(request, body)
        let result = try await scorer.evaluate(body.devices)
        return try .json(CloudflareAnswer(result: result, withReasonCodes: withReasonCodes))
    }
}

/// Logs once in which form Cloudflare asks, without what is in it: that is written nowhere, and who has a problem with
/// it needs it. At most eight forms in the life of a process.
private actor ShapeLog {
    private let logger: Logger
    private var said: Set<String> = []

    init(logger: Logger) { self.logger = logger }

    func add(_ request: Request, _ body: CloudflareBody) {
        guard said.count < 8 else { return }
        let type = request.headers[.contentType] ?? "no content type"
        let form = "\(request.method.rawValue), \(type.printable(limit: 64)): \(body.shape)"
        guard said.insert(form).inserted else { return }
        logger.info(
            "Cloudflare asks in a form that is new since the start",
            metadata: ["form": "\(form)", "devices": "\(body.devices.count)"]
        )
    }
}

/// Counts what becomes of requests, those without a good token too.
private struct CountingMiddleware: RouterMiddleware {
    let tally: Tally

    func handle(
        _ request: Request,
        context: BasicRequestContext,
        next: @concurrent (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        try await tally.counting(.cloudflare) { try await next(request, context) }
    }
}

/// Says that tokens are refused, at most once a minute: whoever can send requests must not be able to fill the log.
private actor RefusalLog {
    private let logger: Logger
    private var refusals = 0
    private var saidAt: Timestamp?

    init(logger: Logger) { self.logger = logger }

    func add(_ reason: String, at now: Timestamp) {
        refusals += 1
        if let saidAt, abs(now.seconds(since: saidAt)) < 60 { return }
        logger.notice(
            "Access tokens were refused",
            metadata: ["count": "\(refusals)", "last.reason": "\(reason.printable())"]
        )
        (refusals, saidAt) = (0, now)
    }
}

/// Lets a request through only with a good Access token.
///
/// Whatever is wrong, the caller learns nothing but 403.
struct AccessMiddleware: RouterMiddleware {
    private let requirements: AccessRequirements
    private let keys: AccessKeys
    private let refusals: RefusalLog
    private let now: @Sendable () -> Timestamp

    init(
        requirements: AccessRequirements,
        keys: AccessKeys,
        logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.requirements = requirements
        self.keys = keys
        self.refusals = RefusalLog(logger: logger)
        self.now = now
    }

    func handle(
        _ request: Request,
        context: BasicRequestContext,
        next: @concurrent (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        do throws(AccessToken.Refusal) { try await verify(request) } catch {
            await refusals.add("\(error)", at: now())
            throw Problem(.forbidden)
        }
        return try await next(request, context)
    }

    private func verify(_ request: Request) async throws(AccessToken.Refusal) {
        guard let name = HTTPField.Name("Cf-Access-Jwt-Assertion"), let text = request.headers[name] else {
            throw AccessToken.Refusal("there is none")
        }
        let (token, now) = (try AccessToken(parsing: text), now())
        guard let key = await keys.key(token.keyID, at: now) else {
            throw AccessToken.Refusal("its key is not in the key set")
        }
        try token.verify(key: key, requirements, at: now)
    }
}
