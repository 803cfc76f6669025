internal import CLinuxShims
internal import Glibc

/// What is to be done on one thread, or on a few, in order; without work they sleep.
final class Worker: Sendable {
    /// Something to do.
    typealias Work = @Sendable () -> Void

    private struct State {
        var work: [Work] = []
        var timers: [(at: ContinuousClock.Instant, id: ObjectIdentifier, work: Work)] = []
        var isOver = false
        var threads = 0
    }

    private let monitor = Monitor(State())

    /// Adds work, to be done as soon as can be.
    func add(_ work: @escaping Work) { monitor.change { $0.work.append(work) } }

    /// Adds work to be done at a moment, unless whoever it is for takes it back.
    func add(at moment: ContinuousClock.Instant, for owner: AnyObject, _ work: @escaping Work) {
        monitor.change { $0.timers.append((moment, ObjectIdentifier(owner), work)) }
    }

    /// Takes back what was to be done at some moment.
    func takeBack(for owner: AnyObject) {
        monitor.change { state in state.timers.removeAll { $0.id == ObjectIdentifier(owner) } }
    }

    /// Ends ``loop()`` once the work that is there now is done.
    func end() { monitor.change { $0.isOver = true } }

    /// Does the work on the calling thread, until it is told to end.
    func loop() {
        while let work = next() { work() }
    }

    /// Does the work on threads of its own, of which this call makes one unless there are `limit` already.
    func start(named name: String, threads limit: Int = 1) {
        guard
            monitor.change({ state in
                guard state.threads < limit else { return false }
                state.threads += 1
                return true
            })
        else { return }
        var thread = pthread_t()
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        let result = unsafe pthread_create(
            &thread,
            nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<Worker>.fromOpaque(context).takeRetainedValue().loop()
                return nil
            },
            context
        )
        // Without a thread nothing of what this process is for can be done.
        precondition(result == 0, "pthread_create: \(result)")
        _ = unsafe CLinuxShims_name_thread(thread, String(decoding: name.utf8.suffix(15), as: UTF8.self))
        pthread_detach(thread)
    }

    private func next() -> Work? {
        monitor.wait { state in
            let now = ContinuousClock.now
            if let index = state.timers.indices.min(by: { state.timers[$0].at < state.timers[$1].at }),
                state.timers[index].at <= now
            {
                return .found(state.timers.remove(at: index).work)
            }
            if !state.work.isEmpty { return .found(state.work.removeFirst()) }
            if state.isOver { return .found(nil) }
            return .wait(until: state.timers.map(\.at).min())
        }
    }
}
