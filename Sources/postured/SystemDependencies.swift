internal import Blocking
internal import Daemon
internal import PostureModel
internal import SystemdBridge

/// The daemon's dependencies as a service of systemd's has them.
struct SystemDependencies: DaemonDependencies {
    let loader: ServiceLoader
    let file: StateFile
    /// Whether the status is printed after each report.
    let printsReports: Bool
    private let start = ContinuousClock.now

    init(_ loader: ServiceLoader, file: StateFile, printsReports: Bool) {
        (self.loader, self.file, self.printsReports) = (loader, file, printsReports)
    }

    func load() throws -> DaemonService { try loader.load() }

    var now: Timestamp { .now() }
    var uptime: Double { start.duration(to: .now) / .seconds(1) }
    var executor: (any TaskExecutor)? { Postured.loop }

    func sleep(until uptime: Double) async throws { try await Postured.loop.sleep(until: start + .seconds(uptime)) }

    func save(_ state: AgentState) throws { try file.save(state) }

    func learned(_ status: AgentStatus, isReport: Bool) {
        ServiceManager.status(status.summary)
        guard isReport else { return }
        releaseMemory()
        if printsReports, let line = try? Wire.line(status) { printAtOnce(line) }
    }
}
