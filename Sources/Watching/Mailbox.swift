import Synchronization

/// Changes that wait to be fetched: however many come meanwhile, each kind and each file is there once.
final class Mailbox: Sendable {
    private let waiting = Mutex<Set<Change>>([])
    private let rings: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation

    init() {
        (rings, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func put(_ changes: Set<Change>) {
        guard !changes.isEmpty else { return }
        waiting.withLock { $0.formUnion(changes) }
        bell.yield()
    }

    /// Nothing comes any more: what waits can still be fetched.
    func close() { bell.finish() }

    /// Waits until there is something, and takes it all; nil once closed and empty, and where the task is cancelled.
    func take() async -> Set<Change>? {
        for await _ in rings {
            let changes = waiting.withLock { waiting in
                defer { waiting = [] }
                return waiting
            }
            if !changes.isEmpty { return changes }
        }
        return nil
    }
}
