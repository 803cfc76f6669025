/// A few threads for work that takes the processor, and a bounded queue before them.
///
/// Work has a lane. Lanes take turns, so that one that is full of long work delays another by one piece of work for each
/// thread. What does not fit into its lane is refused at once.
package final class WorkPool<Lane: Hashable & Sendable & CaseIterable>: Sendable {
    private typealias Work = @Sendable () -> Void

    private struct State {
        var waiting: [Lane: ArraySlice<Work>] = [:]
        /// The place of the lane whose turn is next.
        var turn = 0

        /// Takes the first piece of work of a lane.
        mutating func take(from lane: Lane) -> Work? {
            guard let first = waiting[lane]?.indices.first, let work = waiting[lane]?[first] else { return nil }
            // A slice keeps what stood before it, and the message that it holds, until it is copied.
            waiting[lane]?[first] = {}
            waiting[lane]?.removeFirst()
            return work
        }
    }

    private let worker = Worker()
    private let label: String
    private let threads: Int
    private let limit: @Sendable (Lane) -> Int
    private let state = Monitor(State())

    /// Creates a pool of at most so many threads, which are made with the first work; `limit` says how many pieces of work
    /// of a lane may wait.
    package init(label: String, threads: Int, limit: @escaping @Sendable (Lane) -> Int) {
        self.label = label
        self.threads = max(1, threads)
        self.limit = limit
    }

    deinit { worker.end() }

    /// Runs `work` on a thread of the pool and returns what it returns.
    ///
    /// The work is not interrupted when the calling task is cancelled.
    ///
    /// - Throws: ``WorkPoolFull``, or what the work throws.
    package func run<Value: Sendable>(_ lane: Lane, _ work: @escaping @Sendable () throws -> Value) async throws
        -> Value
    {
        try await withCheckedThrowingContinuation { continuation in
            let isTaken = state.change { state in
                guard state.waiting[lane, default: []].count < limit(lane) else { return false }
                state.waiting[lane, default: []].append { continuation.resume(with: Result(catching: work)) }
                return true
            }
            guard isTaken else { return continuation.resume(throwing: WorkPoolFull()) }
            worker.add { [state] in Self.next(of: state)?() }
            worker.start(named: label, threads: threads)
        }
    }

    /// How many pieces of work wait in a lane.
    func waiting(in lane: Lane) -> Int { state.change { $0.waiting[lane]?.count ?? 0 } }

    private static func next(of state: Monitor<State>) -> Work? {
        state.change { state in
            let lanes = Array(Lane.allCases)
            for step in lanes.indices {
                let place = (state.turn + step) % lanes.count
                if let work = state.take(from: lanes[place]) {
                    state.turn = place + 1
                    return work
                }
            }
            return nil
        }
    }
}

/// Too much work waits already.
package struct WorkPoolFull: Error {
    /// Creates the error.
    package init() {}
}
