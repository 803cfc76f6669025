internal import CloudflareAccess
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import PostureModel
internal import ScorerCore
internal import ScorerModel
internal import ScorerStore

/// What operators ask and change, on a listener of their own.
struct OperatorRoutes {
    let scorer: Scorer
    let tokens: OperatorTokens
    /// What may be shown in the place of the operator token.
    let access: AccessVerifier?
    let bodies: ByteBudget

    func add(to router: Router<BasicRequestContext>) {
        let operatorToken = BearerToken(tokens.operators)
        let routes = router.group("/v1", context: OperatorContext.self)
            .add(middleware: OperatorMiddleware(token: operatorToken, access: access))
            .add(middleware: BodyBudgetMiddleware(budget: bodies))
        let desk = OperatorDesk(scorer: scorer)
        DeviceRoutes(desk: desk).add(to: routes.group("devices"))
        CertificateRoutes(desk: desk).add(to: routes.group("certificates"))
        InventoryRoutes(desk: desk).add(to: routes.group("inventory"))
        TokenRoutes(desk: desk).add(to: routes.group("tokens"))
        DoubtRoutes(desk: desk).add(to: routes)
        routes.get("audit", use: audit)
        router.group("/metrics")
            .add(middleware: MetricsMiddleware(tokens: [operatorToken, BearerToken(tokens.metrics)]))
            .get(use: metrics)
    }

    /// Whoever asks often costs nothing: the devices are counted now and then.
    @Sendable private func metrics(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        let fleet = try? await scorer.fleet(at: scorer.now())
        let text = Metrics.text(await scorer.tally.counts, fleet: fleet, held: await scorer.heldCount)
        return Response(
            status: .ok,
            headers: [.contentType: Metrics.contentType, .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text))
        )
    }

    /// 100 entries a page, newest first; `?before=ID` is the next page.
    @Sendable private func audit(_ request: Request, _ context: OperatorContext) async throws -> Response {
        struct Page: Encodable { var entries: [AuditEntry] }
        let before = request.uri.queryParameters["before"].map(String.init)
        return try .json(Page(entries: await scorer.store.audit(limit: 100, before: before)))
    }
}

/// What the routes of operators share.
struct OperatorDesk {
    let scorer: Scorer

    /// Whoever asks, at the present moment.
    func operators(_ context: OperatorContext) -> Operators {
        Operators(store: scorer.store, actor: context.actor, logger: scorer.logger, at: scorer.now())
    }

    /// The JSON of what an operator asked for, or the problem that stood in the way.
    func answer(
        status: HTTPResponse.Status = .ok,
        _ result: () async throws -> some Encodable
    ) async throws -> Response {
        do { return try .json(try await result(), status: status) } catch let error as OperatorError {
            throw error.problem
        } catch let error as TrustedCAError {
            throw error.problem
        }
    }

    /// A body in JSON, of 16 KiB at most.
    func body<Value: Decodable>(_ request: Request, as type: Value.Type = Value.self) async throws -> Value {
        let bytes = try await request.bytes(upTo: 16 * 1024)
        do { return try Wire.decode(from: bytes) } catch { throw Problem(.malformed, "the body \(error)") }
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
