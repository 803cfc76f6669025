/// How long a watcher rests after a wake, so that frequent changes do not keep it awake.
///
/// Anybody can wake it for nothing: the kernel tells every process of the host names of all namespaces, and each user may
/// have namespaces. A rest is at most a second, so that a change is noticed within one, whatever others do meanwhile.
struct WakePace {
    /// The first rest, in seconds; each further one is twice as long.
    static let shortest = 0.001
    /// The longest rest after a wake that brought nothing, in seconds.
    static let longest = 1.0
    /// The longest rest after a wake that brought something: what changes then comes in one piece.
    static let longestAfterChange = 0.25
    /// Seconds without a wake after which there is no rest again.
    static let calm = 10.0

    private var rest = 0.0
    private var last = -Double.infinity

    /// The rest after a wake, in seconds; `now` is in seconds of a clock that never goes back.
    mutating func rest(afterWakeAt now: Double, isChange: Bool) -> Double {
        if now - last >= Self.calm { rest = 0 }
        rest = min(max(Self.shortest, 2 * rest), Self.longest)
        last = now
        return isChange ? min(rest, Self.longestAfterChange) : rest
    }
}
