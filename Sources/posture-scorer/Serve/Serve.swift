internal import ArgumentParser
internal import ConfigurationFile
internal import Logging
internal import PostureModel
internal import SQLiteStore
internal import ScorerCore
internal import ScorerHTTP
internal import ServiceLifecycle
internal import Synchronization
internal import SystemdBridge
internal import UnixSignals
internal import Verification

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve agents, Cloudflare and operators."
    )

    @OptionGroup var options: ConfigurationOption
    @Flag(help: "Log every request that is refused, and why.") var verbose = false

    func run() async throws {
        var logger = Logger(label: "posture-scorer") { RequestLogHandler(SystemdLogging.handler(label: $0)) }
        logger.logLevel = verbose ? .debug : .info
        do { try await serve(logger) } catch { throw Self.ending(for: error, logger) }
    }

    /// Says why the scorer ends, to the journal and in `systemctl status`.
    ///
    /// - Returns: the exit status, by which the service manager knows what does not pass by itself (sysexits.h)
    private static func ending(for error: any Error, _ logger: Logger) -> ExitCode {
        let start = (error as? ListenError)?.isTaken == true ? TakenPort.countOne() : nil
        let text = ["\(error)", start?.description].compactMap { $0 }.joined(separator: "; ")
        let reason: Logger.Metadata = ["reason": "\(text)"]
        ServiceManager.status(text)
        switch error {
        case is Misconfiguration:
            logger.log(level: .error, .scorerMisconfigured, "the configuration cannot be used", metadata: reason)
            return ExitCode(78)
        case is StoreError:
            logger.log(level: .error, .databaseUnusable, "the database cannot be used", metadata: reason)
            return ExitCode(65)
        default:
            logger.error("cannot serve", metadata: reason)
            return start?.isLast == true ? ExitCode(69) : .failure
        }
    }

    /// Reads one of the configuration's own files.
    ///
    /// - Throws: ``Misconfiguration`` for what is wrong in it, which only a person mends. What is wrong with a file that it
    ///   names may pass: a CRL that is fetched, or a file system that is mounted later.
    private func read<Value>(_ file: String?, _ body: () throws(ConfigurationError) -> Value) throws -> Value {
        do throws(ConfigurationError) { return try body() } catch {
            guard error.file == file else { throw error }
            throw Misconfiguration(description: error.description)
        }
    }

    private func serve(_ logger: Logger) async throws {
        let configuration = try read(options.config) { () throws(ConfigurationError) in
            try ScorerConfiguration(at: options.config)
        }
        let policy = try read(configuration.policyFile) { () throws(ConfigurationError) in try configuration.policy() }
        try ScorerState.becomeOwner(of: configuration.stateDirectory)
        let state = try ScorerState(directory: configuration.stateDirectory)
        for warning in configuration.warnings { logger.warning("\(warning)") }
        if Timestamp.now() < Version.builtAfter {
            logger.warning("this machine's clock is before the day this version was built: no certificate counts")
        }
        let startTime = StartTime()
        let store = try SQLiteStore(path: state.databasePath) { progress in
            startTime.extend()
            guard case .willCopy(let copy) = progress else { return }
            logger.notice("copying the database before its upgrade", metadata: ["copy": "\(copy)"])
            ServiceManager.status("copying the database before its upgrade")
        }
        // Then one file has all of it.
        defer { try? store.close() }
        if let copy = store.copy {
            logger.notice("the database has this version's form now", metadata: ["copy.from.before": "\(copy)"])
        }
        let scorer = try Scorer(
            store: store,
            verifier: MessageVerifier(audience: configuration.url),
            checks: configuration.checks,
            policy: try await ChangeControl.lastPolicy(in: store) ?? policy,
            pollingInterval: configuration.pollingInterval,
            logger: logger,
            now: Timestamp.now
        )
        try await scorer.start(with: policy)
        let (listening, listens) = AsyncStream<Void>.makeStream()
        let server = ScorerServer(
            scorer: scorer,
            configuration: configuration,
            tokens: try state.tokens(),
            logger: logger,
            onListening: {
                TakenPort.forget()
                listens.finish()
            }
        )
        let vitals = Vitals(
            scorer: scorer,
            listening: listening,
            advice: configuration.isForThisMachineOnly
                ? "no 'url' in \(options.config): for agents of this machine only" : nil,
            logger: logger
        )
        var quiet = logger
        quiet.logLevel = .notice
        var services = ServiceGroupConfiguration(
            services: [server, vitals, Reload(scorer: scorer, configuration: configuration, logger: logger)],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: quiet
        )
        // Requests under way are answered; a connection that is only kept open is not waited for.
        services.maximumGracefulShutdownDuration = .seconds(5)
        try await ServiceGroup(configuration: services).run()
    }
}

/// The time that the service manager gives the scorer to start, while an upgrade of the database makes progress.
private final class StartTime: Sendable {
    /// Longer than any step that SQLite tells nothing of, such as writing what it has copied to a slow disk.
    private static let step = Duration.seconds(300)
    private let lastAsked = Mutex<ContinuousClock.Instant?>(nil)

    /// Asks for more of it, unless that was less than ten seconds ago.
    func extend() {
        let now = ContinuousClock.now
        let isDue = lastAsked.withLock { last in
            if let last, last.duration(to: now) < .seconds(10) { return false }
            last = now
            return true
        }
        if isDue { ServiceManager.extendTimeout(by: Self.step) }
    }
}

/// An error in the configuration's own files.
private struct Misconfiguration: Error, CustomStringConvertible {
    let description: String
}
