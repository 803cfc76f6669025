internal import HTTPTypes
internal import Hummingbird
internal import PostureModel
internal import ScorerCore

/// The routes of agents: nonces, registration, ingest, and a device's own record.
///
/// A message is authenticated by its signature. If Access protects these routes, its token is required as well.
struct AgentRoutes {
    let scorer: Scorer
    let access: AccessMiddleware?
    let bodies: ByteBudget

    func add(to router: Router<BasicRequestContext>) {
        let group = router.group("/v1")
        if let access { group.add(middleware: access) }
        group.add(middleware: ReplayNonceMiddleware(scorer: scorer))
            .add(middleware: ProblemMiddleware(logger: scorer.logger))
            .add(middleware: BodyBudgetMiddleware(budget: bodies))
            .get("nonce", use: nonce)
            .post("devices", use: register)
            .post("reports", use: report)
            .post("devices/self", use: ownRecord)
            .post("devices/self/key", use: replaceKey)
            .post("devices/self/retirement", use: retire)
    }

    @Sendable private func nonce(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        // Asked for here so that a store that does not answer is an error; the middleware puts a nonce on the answer.
        _ = try await scorer.intake.nonce(at: scorer.now())
        return Response(status: .noContent)
    }

    @Sendable private func register(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        try await scorer.counters.counting(.registration) {
            try .json(await scorer.registrations.register(message(of: request), at: scorer.now()), status: .created)
        }
    }

    @Sendable private func report(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        try await scorer.counters.counting(.report) {
            try .json(await scorer.reports.ingest(message(of: request), at: scorer.now()))
        }
    }

    @Sendable private func ownRecord(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        try .json(await scorer.reports.ownRecord(message(of: request), at: scorer.now()))
    }

    @Sendable private func replaceKey(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        try .json(await scorer.keys.replace(message(of: request), at: scorer.now()))
    }

    @Sendable private func retire(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        try .json(await scorer.keys.retire(message(of: request), at: scorer.now()))
    }

    private func message(of request: Request) async throws -> [UInt8] {
        try await request.bytes(upTo: JWS.Limit.message)
    }
}

/// Puts the nonce for the next message on every answer of these routes, errors too (RFC 8555 §6.5).
private struct ReplayNonceMiddleware: RouterMiddleware {
    let scorer: Scorer

    func handle(
        _ request: Request,
        context: BasicRequestContext,
        next: @concurrent (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        // A report that was accepted stays accepted, even if there is no nonce to go with the answer.
        if let name = HTTPField.Name("Replay-Nonce"), let nonce = try? await scorer.intake.nonce(at: scorer.now()) {
            response.headers[name] = nonce
        }
        response.headers[.cacheControl] = "no-store"
        return response
    }
}
