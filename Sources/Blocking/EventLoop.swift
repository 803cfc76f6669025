/// The thread that calls ``run(_:)``, as the place where tasks run: without a pool of threads, and without a wake-up where
/// nothing happens.
///
/// Swift's own pool on Linux is libdispatch's, whose monitor wakes every second from the first task on. A daemon that
/// sleeps for minutes prefers this executor in its tasks (SE-0417). What blocks belongs on a ``BlockingQueue``.
package final class EventLoop: TaskExecutor {
    private let worker = Worker()

    /// Creates a loop, which does nothing until it runs.
    package init() {}

    /// Runs a task's job on the loop.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        worker.add { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// Runs `operation`, and everything that prefers this loop, on the calling thread until it ends.
    package func run(_ operation: sending @escaping @isolated(any) () async throws -> Void) throws {
        let outcome = Monitor<Result<Void, any Error>>(.success(()))
        Task(executorPreference: self) { [worker] in
            do { try await operation() } catch { outcome.change { $0 = .failure(error) } }
            worker.end()
        }
        worker.loop()
        try outcome.change { $0 }.get()
    }

    /// Waits until a moment, or until the task is cancelled.
    ///
    /// - Throws: `CancellationError`.
    package func sleep(until moment: ContinuousClock.Instant) async throws {
        let sleeper = Sleeper()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                sleeper.begin(continuation)
                worker.add(at: moment, for: sleeper) { sleeper.end() }
            }
        } onCancel: {
            sleeper.end()
        }
        worker.takeBack(for: sleeper)
        try Task.checkCancellation()
    }
}

/// Wakes one task, once, whoever comes first.
private final class Sleeper: Sendable {
    private enum State {
        case new
        case asleep(CheckedContinuation<Void, Never>)
        case over
    }

    private let state = Monitor(State.new)

    func begin(_ continuation: CheckedContinuation<Void, Never>) {
        let isOver = state.change { state in
            if case .over = state { return true }
            state = .asleep(continuation)
            return false
        }
        if isOver { continuation.resume() }
    }

    func end() {
        let continuation: CheckedContinuation<Void, Never>? = state.change { state in
            defer { state = .over }
            if case .asleep(let continuation) = state { return continuation }
            return nil
        }
        continuation?.resume()
    }
}
