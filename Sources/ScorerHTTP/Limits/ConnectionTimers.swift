internal import NIOCore

/// A thing that a connection waits for, for a bounded time.
enum ConnectionWait: CaseIterable, Sendable {
    /// The next head, whole.
    case head
    /// The rest of the request.
    case body
    /// The client takes the answer.
    case answer
    /// The client closes the connection after the last answer.
    case close
}

/// Runs the timers of connections.
protocol ConnectionTimers: Sendable {
    /// Calls `action` on the loop after this time, unless what it returns is called before, on the loop too.
    func start(
        _ wait: ConnectionWait,
        for time: TimeAmount,
        on loop: any EventLoop,
        _ action: @escaping @Sendable () -> Void
    ) -> @Sendable () -> Void
}

/// Timers of the event loops themselves.
struct LoopTimers: ConnectionTimers {
    func start(
        _ wait: ConnectionWait,
        for time: TimeAmount,
        on loop: any EventLoop,
        _ action: @escaping @Sendable () -> Void
    ) -> @Sendable () -> Void {
        let task = loop.scheduleTask(in: time, action)
        return { task.cancel() }
    }
}
