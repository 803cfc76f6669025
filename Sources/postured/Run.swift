internal import Agent
internal import ArgumentParser
internal import Daemon
internal import Dispatch
internal import Glibc
internal import LocalSocket
internal import Logging
internal import PostureModel
internal import SystemdBridge

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stay in the foreground and report: now, when something changes, and on an interval.",
        discussion: """
            SIGHUP reads the configuration anew; one that cannot be used changes nothing. With --json, prints the status \
            after each report.
            """
    )

    @OptionGroup var options: Options
    @OptionGroup var socket: SocketOption
    @OptionGroup var output: JSONOption
    @Option(help: "The socket of the collector; without it this process collects and signs by itself.")
    var collector: String?

    func run() async throws {
        // A connection that breaks is an error to be read, not a signal to die of.
        signal(SIGPIPE, SIG_IGN)
        let logger = Logger(label: "postured", factory: SystemdLogging.handler)
        let memory = Environment.stateDirectory
        let watch = Watch()
        let load: @Sendable () throws -> DaemonService = { [options, collector] in
            let loaded = try LoadedConfiguration(
                at: options.config,
                rememberedIn: memory,
                credentials: Environment.credentials
            )
            let source: any Collecting =
                if let collector { RemoteCollector(at: collector) } else {
                    try loaded.configuration.source(root: options.root, now: Timestamp.now)
                }
            var service = try DaemonService(
                loaded,
                collector: source,
                now: Timestamp.now,
                warn: { logger.warning("\($0)") }
            )
            service.unwatched = watch.begin(loaded.configuration, path: options.config)
            return service
        }
        let service = try configured(load)
        let file = StateFile(in: memory ?? service.stateDirectory)
        let daemon = Daemon(
            rim: rim(load: load, file: file),
            service: service,
            state: Result { try file.load() },
            logger: logger
        )
        let server = serve(daemon, logger)
        let signals = await handle(daemon, server)
        defer { signals.forEach { $0.cancel() } }
        logger.log(level: .notice, .started, "started", metadata: ["version": "\(Version.text)"])
        // The configuration is good and the machine is looked after from here on, be the scorer there or not.
        ServiceManager.ready()
        await daemon.start()
        async let pings: Void = Self.ping(daemon)
        for await (changes, isConfiguration) in watch.changes {
            await daemon.changed(changes, isConfiguration: isConfiguration)
        }
        await pings
    }

    private func rim(load: @escaping @Sendable () throws -> DaemonService, file: StateFile) -> Daemon.Rim {
        let start = ContinuousClock.now
        let json = output.json
        return Daemon.Rim(
            load: load,
            now: Timestamp.now,
            uptime: { start.duration(to: .now) / .seconds(1) },
            sleep: { try await Task.sleep(until: start + .seconds($0)) },
            save: file.save,
            onStatus: { status, isReport in
                ServiceManager.status(status.summary)
                if json, isReport, let line = try? Wire.encode(status) {
                    printAtOnce(String(decoding: line, as: UTF8.self))
                }
            }
        )
    }

    /// Answers whoever asks at the socket; without one the daemon does its work all the same.
    private func serve(_ daemon: Daemon, _ logger: Logger) -> LocalServer? {
        do {
            let server = try LocalServer(at: socket.path, mode: 0o666) { request, peer in
                await daemon.answer(request, isTrusted: peer.user == 0 || peer.user == geteuid())
            }
            server.start()
            return server
        } catch {
            logger.warning("nobody can ask for the status", metadata: ["reason": "\(error)"])
            return nil
        }
    }

    private func handle(_ daemon: Daemon, _ server: LocalServer?) async -> [any DispatchSourceSignal] {
        // What is on the disk is written whole or not at all, so that the process may end at any point.
        var signals: [any DispatchSourceSignal] = []
        for number in [SIGTERM, SIGINT] {
            let source = await onSignal(number) {
                ServiceManager.stopping()
                server?.stop()
                // Not exit(3): its handlers would take apart what other threads are using.
                _exit(0)
            }
            signals.append(source)
        }
        let reload = await onSignal(SIGHUP) {
            ServiceManager.reloading()
            Task {
                await daemon.reload()
                ServiceManager.ready()
            }
        }
        return signals + [reload]
    }

    /// Tells the service manager that all is well, for as long as the daemon itself says so.
    private static func ping(_ daemon: Daemon) async {
        guard let interval = ServiceManager.watchdogInterval else { return }
        while (try? await Task.sleep(for: interval / 2)) != nil {
            if await daemon.isHealthy { ServiceManager.watchdog() }
            await daemon.tick()
        }
    }
}

/// Runs `action` on a thread of its own when the signal comes, in place of what the kernel would do.
///
/// Until libdispatch has put a handler of its own in place, the signal ends the process, as it would have before: were
/// it ignored meanwhile, one that comes early would be lost, and the service manager would wait in vain.
private func onSignal(_ number: CInt, _ action: @escaping @Sendable () -> Void) async -> any DispatchSourceSignal {
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler(handler: action)
    await withCheckedContinuation { continuation in
        source.setRegistrationHandler { continuation.resume() }
        source.resume()
    }
    return source
}
