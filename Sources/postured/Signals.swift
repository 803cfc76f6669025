internal import Blocking
internal import Glibc

/// Signals that this process takes one by one, on a thread of its own, in place of what the kernel would do.
///
/// They are blocked from the first moment on, so that one that comes early waits (sigwait(3)).
struct Signals {
    private let numbers: [CInt]
    private let queue = BlockingQueue(label: "postured.signal")

    /// Blocks the signals, for this thread and all that it makes.
    init(_ numbers: CInt...) {
        self.numbers = numbers
        var set = Self.set(numbers)
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Calls `action` for each that comes.
    func handle(_ action: @escaping @Sendable (CInt) -> Void) {
        queue.start { [numbers, queue] in
            var set = Self.set(numbers)
            var number: CInt = 0
            while unsafe sigwait(&set, &number) == 0 { action(number) }
            withExtendedLifetime(queue) {}
        }
    }

    private static func set(_ numbers: [CInt]) -> sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for number in numbers { unsafe sigaddset(&set, number) }
        return set
    }
}
