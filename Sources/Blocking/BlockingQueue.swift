import Dispatch

/// A serial queue for work that blocks: C libraries, system calls, files.
///
/// Swift's cooperative pool has one thread a core; two blocked tasks stop a two-core machine. Everything here that
/// may block runs on a queue like this one instead, either as an actor's executor or through ``run(_:)``.
public final class BlockingQueue: SerialExecutor {
    private let queue: DispatchQueue

    /// Creates a queue; `label` is the name of its thread in a debugger.
    public init(label: String) {
        queue = DispatchQueue(label: label)
    }

    /// Runs an actor's job on the queue.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    /// Runs `work` on the queue and returns what it returns.
    ///
    /// The work is not interrupted when the calling task is cancelled: it has to have its own bounds in time.
    public func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: work)) }
        }
    }
}
