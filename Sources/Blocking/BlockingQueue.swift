/// A serial queue for work that blocks: C libraries, system calls, files.
///
/// Swift's cooperative pool has one thread a core; two blocked tasks stop a two-core machine. Everything here that
/// may block runs on a queue like this one instead, either as an actor's executor or through ``run(_:)``. Its thread is made
/// with the first work, ends with the queue, and sleeps in between: nothing here wakes up without work.
package final class BlockingQueue: SerialExecutor {
    private let worker = Worker()
    private let label: String

    /// Creates a queue; the last fifteen bytes of `label` are the name of its thread in a debugger.
    package init(label: String) {
        self.label = label
    }

    deinit { worker.end() }

    /// Runs an actor's job on the queue.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        start { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    /// Runs `work` on the queue, after what is there already.
    package func start(_ work: @escaping @Sendable () -> Void) {
        worker.add(work)
        worker.start(named: label)
    }

    /// Runs `work` on the queue and returns what it returns.
    ///
    /// The work is not interrupted when the calling task is cancelled: it has to have its own bounds in time.
    package func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            start { continuation.resume(with: Result(catching: work)) }
        }
    }
}
