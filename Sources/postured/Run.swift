internal import Agent
internal import ArgumentParser
internal import Blocking
internal import Daemon
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
    @Option(
        help: "The socket of the collector; without it this process collects and signs by itself.",
        completion: .file()
    )
    var collector: String?
    @Flag(help: "Without a configuration that can be used, wait for one in place of ending: as a service does.")
    var waitForConfiguration = false
    @Option(help: "What something else watches, and asks for a report when it changes: postured-nssdb.path does.")
    var watchedElsewhere: [String] = []

    func run() async throws {
        // Before there is any other thread: none of them is to be interrupted.
        let signals = Signals(SIGTERM, SIGINT, SIGHUP)
        let logger = Logger(label: "postured", factory: SystemdLogging.handler)
        let watch = Watch(on: Postured.loop)
        let loader = loader(watch, logger)
        let service = try configured(loader.load)
        let file = StateFile(in: Environment.stateDirectory ?? service.stateDirectory)
        let dependencies = SystemDependencies(loader, file: file, printsReports: output.json)
        let daemon = Daemon(dependencies, service: service, state: Result { try file.load() }, logger: logger)
        obey(signals, daemon, serve(daemon, logger))
        logger.log(level: .notice, .started, "started", metadata: ["version": "\(Version.text)"])
        // The machine is looked after from here on, be the scorer there or not; or a configuration is waited for.
        ServiceManager.ready()
        await daemon.start()
        async let pings: Void = Self.ping(daemon)
        for await (changes, isConfiguration) in watch.changes {
            await daemon.changed(changes, isConfiguration: isConfiguration)
        }
        await pings
    }

    private func loader(_ watch: Watch, _ logger: Logger) -> ServiceLoader {
        ServiceLoader(
            path: options.config,
            root: options.root,
            collector: collector,
            waits: waitForConfiguration,
            watchedElsewhere: watchedElsewhere,
            watch: watch,
            logger: logger
        )
    }

    /// Reloads on SIGHUP, and ends on the others.
    private func obey(_ signals: Signals, _ daemon: Daemon, _ server: LocalServer?) {
        signals.handle { number in
            guard number == SIGHUP else {
                // What is on the disk is written whole or not at all, so that the process may end at any point.
                ServiceManager.stopping()
                server?.stop()
                // Not exit(3): its handlers would take apart what other threads are using.
                _exit(0)
            }
            ServiceManager.reloading()
            Task(executorPreference: Postured.loop) {
                await daemon.reload()
                ServiceManager.ready()
            }
        }
    }

    /// Answers questions at the socket; where it cannot listen, the daemon works without.
    private func serve(_ daemon: Daemon, _ logger: Logger) -> LocalServer? {
        // systemd makes the directory for its service; by hand nobody does.
        if socket.path == SocketOption.defaultPath { _ = unsafe mkdir("/run/postured", 0o755) }
        do {
            let server = try LocalServer(at: socket.path, mode: 0o666, on: Postured.loop) { request, peer in
                await daemon.answer(request, isTrusted: peer.user == 0 || peer.user == geteuid())
            }
            server.start()
            return server
        } catch {
            logger.warning("nobody can ask for the status", metadata: ["reason": "\(error)"])
            return nil
        }
    }

    /// Tells the service manager that all is well, for as long as the daemon itself says so.
    private static func ping(_ daemon: Daemon) async {
        guard let interval = ServiceManager.watchdogInterval else { return }
        while (try? await Postured.loop.sleep(until: .now + interval / 2)) != nil {
            if await daemon.isHealthy { ServiceManager.watchdog() }
            await daemon.tick()
        }
    }
}
