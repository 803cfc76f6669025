/// How often each user may ask: a token bucket for each (at most `users` of them).
struct RateLimit {
    /// Requests that a user may make at once.
    let burst: Double
    /// Requests a second after that.
    let rate: Double
    private static let users = 256
    private var buckets: [UInt32: (tokens: Double, at: Double)] = [:]

    init(burst: Double, rate: Double) { (self.burst, self.rate) = (burst, rate) }

    /// Takes a token of the user's, if there is one; `now` is in seconds of a clock that never goes back.
    mutating func allows(_ user: UInt32, at now: Double) -> Bool {
        let filled = buckets[user].map { min(burst, $0.tokens + (now - $0.at) * rate) } ?? burst
        guard filled >= 1 else { return false }
        if buckets[user] == nil, buckets.count >= Self.users {
            // A full bucket remembers nothing. Where none is full, so many users ask that one more has to wait.
            buckets = buckets.filter { $0.value.tokens + (now - $0.value.at) * rate < burst }
            guard buckets.count < Self.users else { return false }
        }
        buckets[user] = (filled - 1, now)
        return true
    }
}
