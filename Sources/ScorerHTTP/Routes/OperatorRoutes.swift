internal import CloudflareAccess
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import PostureModel
internal import ScorerCore
internal import ScorerModel
internal import ScorerStore

/// The routes of operators, on a listener of their own.
struct OperatorRoutes {
    let scorer: Scorer
    let tokens: OperatorTokens
    /// Verifies Access tokens, which operators may present instead of the operator token.
    let access: AccessVerifier?
    let bodies: ByteBudget

    func add(to router: Router<BasicRequestContext>) {
        let operatorToken = BearerToken(tokens.operators)
        let routes = router.group("/v1", context: OperatorContext.self)
            .add(middleware: OperatorMiddleware(token: operatorToken, access: access))
            .add(middleware: BodyBudgetMiddleware(budget: bodies))
        let support = OperatorHandlerSupport(scorer: scorer)
        DeviceRoutes(support: support).add(to: routes.group("devices"))
        CertificateRoutes(support: support).add(to: routes.group("certificates"))
        InventoryRoutes(support: support).add(to: routes.group("inventory"))
        TokenRoutes(support: support).add(to: routes.group("tokens"))
        DeviceIdentityRoutes(support: support).add(to: routes.group("devices"))
        StatusRoutes(support: support).add(to: routes)
        WARPIDRoutes(support: support).add(to: routes)
        ConflictRoutes(support: support).add(to: routes)
        CloneRoutes(support: support).add(to: routes)
        UnmatchedRoutes(support: support).add(to: routes)
        ChangeRoutes(support: support).add(to: routes)
        routes.get("audit", use: audit)
        router.group("/metrics")
            .add(middleware: MetricsMiddleware(tokens: [operatorToken, BearerToken(tokens.metrics)]))
            .get(use: metrics)
    }

    /// Repeated requests are cheap: the count of devices is cached.
    @Sendable private func metrics(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        let fleet = try? await scorer.fleet.counts(at: scorer.now())
        let text = Metrics.text(
            await scorer.counters.counts,
            fleet: fleet,
            identities: try? await scorer.fleet.identities(at: scorer.now()),
            overdueCRLs: try? await scorer.changes.revocationStatus(at: scorer.now()).count,
            pendingChanges: await scorer.changes.pendingCount
        )
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
