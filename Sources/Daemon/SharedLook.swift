/// Looks at the machine, at most once in ten seconds, however many ask.
actor SharedLook {
    /// Seconds for which a look is good enough for the next who asks.
    private static let freshness = 10.0

    private let dependencies: any DaemonDependencies
    private let reporter: any Reporter
    private var running: Task<String?, Never>?
    private var endedAt = -Double.infinity
    private var error: String?

    init(_ reporter: any Reporter, _ dependencies: any DaemonDependencies) {
        (self.reporter, self.dependencies) = (reporter, dependencies)
    }

    /// Looks, or waits for the look that is running, or takes the result of one that is less than ten seconds old.
    ///
    /// - Returns: Why the look failed; nil where it did not.
    func look() async -> String? {
        if let running { return await running.value }
        guard dependencies.uptime - endedAt > Self.freshness else { return error }
        let task = Task(executorPreference: dependencies.executor) { [reporter] () -> String? in
            do {
                try await reporter.look()
                return nil
            } catch { return "\(error)" }
        }
        running = task
        error = await task.value
        (running, endedAt) = (nil, dependencies.uptime)
        return error
    }
}
