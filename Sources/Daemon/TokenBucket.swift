/// A token bucket: what may be done a few times at once, and then once in so many seconds.
struct TokenBucket: Sendable {
    /// How often at once.
    let burst: Double
    /// Seconds until there is credit for one more.
    let refill: Double
    private var tokens: Double
    private var at = -Double.infinity

    init(burst: Double, refill: Double) {
        (self.burst, self.refill, tokens) = (burst, refill, burst)
    }

    /// Uses up credit for one, if there is as much.
    mutating func take(at now: Double) -> Bool {
        let left = filled(at: now)
        (tokens, at) = (max(0, left - 1), now)
        return left >= 1
    }

    private func filled(at now: Double) -> Double { min(burst, tokens + max(0, now - at) / refill) }
}
