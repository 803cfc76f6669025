internal import CloudflareAccess
internal import Files
internal import Glibc
internal import Hummingbird
internal import HummingbirdCore
package import Logging
internal import NIOCore
package import ScorerCore
internal import ServiceLifecycle

/// The scorer behind its two listeners: one for agents and Cloudflare, one for operators.
package struct ScorerServer: Service {
    private let scorer: Scorer
    private let configuration: ScorerConfiguration
    private let tokens: OperatorTokens
    private let logger: Logger
    private let listening: Countdown
    private let limits: Limits
    private let budgets: ByteBudgets
    private let accessPolicies: AccessPolicies?

    /// Creates a server; it listens when it runs, and says so once it does on both addresses.
    package init(
        scorer: Scorer,
        configuration: ScorerConfiguration,
        tokens: OperatorTokens,
        logger: Logger,
        limits: Limits = Limits(),
        onListening: @escaping @Sendable () -> Void = {}
    ) {
        self.init(scorer, configuration, tokens, logger, limits, ByteBudgets(), onListening)
    }

    init(
        _ scorer: Scorer,
        _ configuration: ScorerConfiguration,
        _ tokens: OperatorTokens,
        _ logger: Logger,
        _ limits: Limits,
        _ budgets: ByteBudgets,
        _ onListening: @escaping @Sendable () -> Void = {}
    ) {
        self.limits = limits
        self.budgets = budgets
        listening = Countdown(from: 2, atZero: onListening)
        self.scorer = scorer
        self.configuration = configuration
        self.tokens = tokens
        self.logger = logger
        accessPolicies = configuration.access.map { AccessPolicies($0, logger: logger, now: scorer.now) }
    }

    /// Serves until the surrounding task is cancelled or asked to shut down gracefully.
    package func run() async throws {
        let services: [any Service] = [
            application(
                publicRouter(),
                on: configuration.listen.agents,
                "agents and Cloudflare",
                heads: budgets.agentHeads
            ),
            application(
                operatorRouter(),
                on: configuration.listen.operators,
                "operators",
                heads: budgets.operatorHeads
            ),
            Heartbeat(scorer: scorer, logger: logger),
        ]
        try await ServiceGroup(configuration: .init(services: services, logger: quietLogger)).run()
    }

    func publicRouter() -> Router<BasicRequestContext> {
        router { router in
            AgentRoutes(scorer: scorer, access: accessPolicies?.agents, bodies: budgets.agents).add(to: router)
            if let accessPolicies {
                CloudflareRoutes(
                    scorer: scorer,
                    access: accessPolicies.cloudflare,
                    bodies: budgets.cloudflare,
                    withReasonCodes: configuration.access?.hasReasonCodes == true
                ).add(to: router)
            }
        }
    }

    func operatorRouter() -> Router<BasicRequestContext> {
        router {
            OperatorRoutes(scorer: scorer, tokens: tokens, access: accessPolicies?.operators, bodies: budgets.operators)
                .add(to: $0)
        }
    }

    /// A router with what all routes have: an id for each request, a problem document for each error, and health.
    private func router(_ add: (Router<BasicRequestContext>) -> Void) -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self, options: .autoGenerateHeadEndpoints)
        let methods = MethodTable()
        router.add(middleware: TraceMiddleware())
        router.add(middleware: ProblemMiddleware(logger: logger, methods: methods))
        add(router)
        HealthRoutes(scorer: scorer).add(to: router)
        methods.take(router)
        return router
    }

    /// A logger for libraries: below notice they write for their own developers, and at debug they print their contents.
    private var quietLogger: Logger {
        var quiet = logger
        quiet.logLevel = max(.notice, logger.logLevel)
        return quiet
    }

    private func application(
        _ router: Router<BasicRequestContext>,
        on address: ListenAddress,
        _ audience: String,
        heads: ByteBudget
    ) -> some Service {
        let limits = limits
        let application = Application(
            router: router,
            server: HTTPServerBuilder { HTTP1Connection(responder: $0, limits: limits, heads: heads) },
            configuration: .init(
                address: .hostname(address.host, port: address.port),
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connections)
            ),
            onServerRunning: { channel in
                logger.notice(
                    "listening",
                    metadata: [
                        "for": "\(audience)", "address": "\(channel.localAddress.map { "\($0)" } ?? "\(address)")",
                    ]
                )
                await listening.countOne()
            },
            logger: quietLogger
        )
        return Listener(application: application, address: address)
    }
}

/// Records heartbeats while the scorer serves.
private struct Heartbeat: Service {
    let scorer: Scorer
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            // Not at once: a scorer that cannot listen ends, and did not receive reports.
            do { try await Task.sleep(for: .seconds(2)) } catch { return }
            while true {
                // Also at the end, so that an outage is not recorded longer than it is. This task is cancelled then, and the
                // store would do nothing for a cancelled task.
                do { try await Task { try await scorer.recordHeartbeat() }.value } catch {
                    logger.debug("cannot record a heartbeat", metadata: ["error": "\(error)"])
                }
                if Task.isCancelled { return }
                try? await Task.sleep(for: .seconds(OutageTracker.heartbeatInterval))
            }
        }
    }
}

/// One of the two listeners.
private struct Listener<Application: Service>: Service {
    let application: Application
    let address: ListenAddress

    func run() async throws {
        do { try await application.run() } catch let error as IOError {
            throw ListenError(address: address, code: error.errnoCode)
        }
    }
}

/// Why the scorer cannot listen at an address.
package struct ListenError: Error, CustomStringConvertible {
    let address: ListenAddress
    let code: CInt

    /// Whether another program listens there.
    package var isTaken: Bool { code == EADDRINUSE }

    /// A sentence that names the address.
    package var description: String {
        let reason = "cannot listen at \(address): \(errorText(code))"
        return isTaken
            ? "\(reason): as root, ss -ltnp 'sport = :\(address.port)' names the program that has the port"
            : "\(reason): see [listen] in the configuration"
    }
}

/// Does something when as many things have happened.
private actor Countdown {
    private var left: Int
    private let atZero: @Sendable () -> Void

    init(from count: Int, atZero: @escaping @Sendable () -> Void) { (left, self.atZero) = (count, atZero) }

    func countOne() {
        left -= 1
        if left == 0 { atZero() }
    }
}

extension ScorerServer: CustomStringConvertible {
    /// A name for logs; a description made by Swift itself would hold the operator token.
    package var description: String { "posture-scorer" }
}
