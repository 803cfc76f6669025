internal import ArgumentParser
internal import Logging
internal import PostureModel
internal import ReportStore
internal import ScorerAPI
internal import ServiceLifecycle
internal import UnixSignals
internal import Verification

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve agents, Cloudflare and operators until told to stop."
    )

    @OptionGroup var options: ConfigurationOption
    @Flag(help: "Log every request that is refused, and why.") var verbose = false

    func run() async throws {
        var logger = Logger(label: "posture-scorer") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = verbose ? .debug : .info
        let configuration = try ScorerConfiguration(at: options.config)
        let policy = try configuration.policy()
        let state = try ScorerState(directory: configuration.stateDirectory)
        for warning in configuration.warnings { logger.warning("\(warning)") }
        if Timestamp.now() < Version.builtAfter {
            logger.warning("this machine's clock is before the day this version was built: no certificate counts")
        }
        let scorer = try Scorer(
            store: try SQLiteStore(path: state.databasePath),
            verifier: MessageVerifier(audience: configuration.url),
            checks: configuration.checks,
            policy: policy,
            logger: logger,
            now: Timestamp.now
        )
        try await scorer.examineChecks()
        let server = ScorerServer(
            scorer: scorer,
            configuration: configuration,
            operatorToken: try state.operatorToken(),
            logger: logger
        )
        var quiet = logger
        quiet.logLevel = .notice
        let group = ServiceGroup(
            configuration: .init(services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
        )
        try await group.run()
    }
}
