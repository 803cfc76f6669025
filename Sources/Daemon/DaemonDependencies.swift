package import PostureModel

/// What the daemon needs of the world: its configuration, clocks, its memory, and somebody to tell how things stand.
package protocol DaemonDependencies: Sendable {
    /// Reads the configuration and makes what works by it.
    func load() throws -> DaemonService
    /// The wall clock.
    var now: Timestamp { get }
    /// Seconds of a clock that goes on in suspend and never back.
    var uptime: Double { get }
    /// Waits until that clock shows so many seconds.
    func sleep(until uptime: Double) async throws
    /// Where the daemon's tasks run; nil for Swift's own pool.
    var executor: (any TaskExecutor)? { get }
    /// Keeps the state.
    func save(_ state: AgentState) throws
    /// Learns how things stand, and whether that is because a report has just ended.
    func learned(_ status: AgentStatus, isReport: Bool)
}
