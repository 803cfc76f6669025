internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import OpenSSLBridge
internal import PostureModel
internal import ReportStore

/// What operators ask, on a listener of their own.
struct OperatorRoutes {
    let scorer: Scorer
    let token: String

    func add(to router: Router<BasicRequestContext>) {
        let routes = router.group("/v1").add(middleware: BearerMiddleware(token: token))
        routes.group("devices").get(use: list).get(":device", use: show)
        CertificateRoutes(cas: TrustedCAs(store: scorer.store), logger: scorer.logger, now: scorer.now)
            .add(to: routes.group("certificates"))
        router.group("/metrics").add(middleware: BearerMiddleware(token: token)).get(use: metrics)
    }

    /// Whoever asks often costs nothing: the devices are counted now and then.
    @Sendable private func metrics(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        let fleet = try? await scorer.fleet(at: scorer.now())
        let text = Metrics.text(await scorer.tally.counts, fleet: fleet)
        return Response(
            status: .ok,
            headers: [.contentType: Metrics.contentType, .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text))
        )
    }

    /// 100 devices a page, in the order of their ids; `?after=ID` is the next page.
    @Sendable private func list(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        struct Page: Encodable { var devices: [DeviceSummary] }
        let after = try request.uri.queryParameters["after"].map { text in
            guard let device = DeviceID(rawValue: String(text)) else {
                throw Problem(.malformed, "'after' is no device's id")
            }
            return device
        }
        return try .json(Page(devices: await scorer.store.devices(after: after, limit: 100)))
    }

    @Sendable private func show(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        guard let device = context.parameters.get("device").flatMap(DeviceID.init(rawValue:)),
            let answer = try await scorer.record(of: device)
        else { throw Problem(.notFound, "no device with this id has reported") }
        return try .json(answer)
    }
}

/// Lets a request through only with the operator token (RFC 6750 §2.1).
private struct BearerMiddleware: RouterMiddleware {
    let token: String

    func handle(
        _ request: Request,
        context: BasicRequestContext,
        next: @concurrent (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        let given = request.headers[.authorization] ?? ""
        guard Digest.areEqual(Array(given.utf8), Array("Bearer \(token)".utf8)) else {
            throw Problem(.forbidden, "send the operator token as 'Authorization: Bearer …'")
        }
        return try await next(request, context)
    }
}

/// What a load balancer asks: whether the process is there, and whether it can answer.
struct HealthRoutes {
    let scorer: Scorer

    func add(to router: Router<BasicRequestContext>) {
        router.get("healthz") { _, _ in HTTPResponse.Status.noContent }
        router.get("readyz") { _, _ in
            _ = try await scorer.store.nonceKeys()
            return HTTPResponse.Status.noContent
        }
    }
}
