internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import PostureModel
internal import ScorerCore

/// The custom device posture API that Cloudflare calls.
///
/// - SeeAlso: <https://developers.cloudflare.com/cloudflare-one/integrations/service-providers/custom/>
struct CloudflareRoutes {
    let scorer: Scorer
    let access: AccessMiddleware
    let bodies: ByteBudget
    var withReasonCodes = false
    private let shapes: ShapeLog

    init(scorer: Scorer, access: AccessMiddleware, bodies: ByteBudget, withReasonCodes: Bool = false) {
        self.scorer = scorer
        self.access = access
        self.bodies = bodies
        self.withReasonCodes = withReasonCodes
        self.shapes = ShapeLog(logger: scorer.logger)
    }

    /// Takes any method that carries a question, with a body or without one.
    ///
    /// "Test and save" may ask in a way that is written nowhere. It is answered as a question is: the token is what it tests.
    func add(to router: Router<BasicRequestContext>) {
        router.group("/v1/cloudflare/posture")
            .add(middleware: CountingMiddleware(counters: scorer.counters))
            .add(middleware: access)
            .add(middleware: BodyBudgetMiddleware(budget: bodies))
            .post(use: evaluate)
            .get(use: evaluate)
            .put(use: evaluate)
    }

    @Sendable private func evaluate(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        let bytes = try await request.bytes(upTo: CloudflareBody.sizeLimit)
        let body = try CloudflareBody(parsing: bytes)
        await shapes.add(request, body)
        let result = try await scorer.postureQuery.answer(body.devices, at: scorer.now())
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
    let counters: RequestCounters

    func handle(
        _ request: Request,
        context: BasicRequestContext,
        next: @concurrent (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        try await counters.counting(.cloudflare) { try await next(request, context) }
    }
}
