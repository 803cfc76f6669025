internal import Glibc

/// A state behind a mutex, and a condition to wait for (pthread_cond_wait(3)).
///
/// - Note: Sendable because the state is touched under the mutex alone.
@safe final class Monitor<State>: @unchecked Sendable {
    /// What a look at the state came to.
    enum Look<Value> {
        case found(Value)
        /// Look again when the state has changed, or at the deadline.
        case wait(until: ContinuousClock.Instant?)
    }

    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var state: State

    init(_ state: State) {
        self.state = state
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        var attributes = pthread_condattr_t()
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_condattr_init(&attributes)
        // The wall clock may be set while somebody waits.
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(condition, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    /// Changes the state, and wakes whoever waits for that.
    func change<Value>(_ body: (inout State) -> Value) -> Value {
        unsafe pthread_mutex_lock(mutex)
        defer {
            unsafe pthread_cond_broadcast(condition)
            unsafe pthread_mutex_unlock(mutex)
        }
        return body(&state)
    }

    /// Looks at the state until there is something to be found.
    func wait<Value>(_ look: (inout State) -> Look<Value>) -> Value {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while true {
            switch look(&state) {
            case .found(let value): return value
            case .wait(nil): unsafe pthread_cond_wait(condition, mutex)
            case .wait(let deadline?):
                var moment = Self.monotonic(deadline)
                unsafe pthread_cond_timedwait(condition, mutex, &moment)
            }
        }
    }

    /// The deadline by the clock that the condition waits by, which stands still in suspend: whoever has to know of a
    /// resume is told of it by another way.
    private static func monotonic(_ deadline: ContinuousClock.Instant) -> timespec {
        var now = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        let left = max(.zero, ContinuousClock.now.duration(to: deadline)).components
        let nanoseconds = now.tv_nsec + Int(left.attoseconds / 1_000_000_000)
        let seconds = now.tv_sec + Int(clamping: min(left.seconds, 1 << 40)) + nanoseconds / 1_000_000_000
        return timespec(tv_sec: seconds, tv_nsec: nanoseconds % 1_000_000_000)
    }
}
