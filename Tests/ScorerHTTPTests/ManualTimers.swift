import NIOCore
import Synchronization
import Testing

@testable import ScorerCore
@testable import ScorerHTTP

/// Timers of connections that end only when a test says so.
final class ManualTimers: ConnectionTimers {
    private struct Timer: Sendable {
        var wait: ConnectionWait
        var loop: any EventLoop
        var action: @Sendable () -> Void
    }

    private struct State: Sendable {
        var running: [Int: Timer] = [:]
        var started: [ConnectionWait] = []
    }

    private let timers = Mutex(State())

    /// Limits whose timers these are.
    var limits: Limits {
        var limits = Limits()
        limits.timers = self
        return limits
    }

    func start(
        _ wait: ConnectionWait,
        for time: TimeAmount,
        on loop: any EventLoop,
        _ action: @escaping @Sendable () -> Void
    ) -> @Sendable () -> Void {
        let id = timers.withLock { timers in
            timers.started.append(wait)
            timers.running[timers.started.count] = Timer(wait: wait, loop: loop, action: action)
            return timers.started.count
        }
        return { self.timers.withLock { _ = $0.running.removeValue(forKey: id) } }
    }

    /// How many connections wait so.
    func count(_ wait: ConnectionWait) -> Int { timers.withLock { $0.running.values.count { $0.wait == wait } } }

    /// How often a connection has begun to wait so.
    func started(_ wait: ConnectionWait) -> Int { timers.withLock { $0.started.count { $0 == wait } } }

    /// Returns once so many connections wait so.
    func until(_ count: Int, _ wait: ConnectionWait, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        try await eventually(sourceLocation: sourceLocation) { self.count(wait) == count }
    }

    /// Lets the time of all that wait so be up.
    func end(_ wait: ConnectionWait) {
        for (id, timer) in timers.withLock({ $0.running.filter { $0.value.wait == wait } }) {
            timer.loop.execute {
                guard self.timers.withLock({ $0.running.removeValue(forKey: id) }) != nil else { return }
                timer.action()
            }
        }
    }
}

/// Returns once something holds; an issue if it does not for some minutes.
func eventually(
    sourceLocation: SourceLocation = #_sourceLocation,
    _ holds: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + .seconds(200)
    while ContinuousClock.now < end {
        if try await holds() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("it never came about", sourceLocation: sourceLocation)
}
