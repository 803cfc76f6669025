internal import PostureModel
internal import Synchronization

/// A token bucket for each of many: so many times at once, and from then on once in an interval.
///
/// A bucket is one time, when it will be full again (the generic cell rate algorithm of ITU-T I.371). One that is full is
/// forgotten, so the table holds those that were used lately; beyond its bound, new ones are not counted.
final class TokenBuckets<Key: Hashable & Sendable>: Sendable {
    private struct State {
        var fullAt: [Key: Timestamp] = [:]
        /// When it was last looked which buckets are full.
        var sweptAt: Timestamp?
    }

    private let interval: Int64
    private let burst: Int64
    private let capacity: Int
    private let state = Mutex(State())

    /// Creates buckets of `burst` tokens, to which one comes back each `interval` seconds; at most `capacity` of them.
    init(interval: Int64, burst: Int, capacity: Int = 65_536) {
        (self.interval, self.burst, self.capacity) = (interval, Int64(burst), capacity)
    }

    /// In how many seconds there is a token; 0 if there is one now.
    func wait(for key: Key, at now: Timestamp) -> Int64 { state.withLock { wait(for: key, in: &$0, at: now) } }

    /// Takes a token.
    ///
    /// - Returns: 0, or in how many seconds there is one; then none was taken.
    func take(_ key: Key, at now: Timestamp) -> Int64 {
        state.withLock { state in
            let wait = wait(for: key, in: &state, at: now)
            guard wait == 0, hasRoom(for: key, in: &state, at: now) else { return wait }
            state.fullAt[key] = max(state.fullAt[key] ?? now, now).adding(seconds: interval)
            return 0
        }
    }

    /// Whether the key has a bucket, or would have one.
    func hasRoom(for key: Key, at now: Timestamp) -> Bool {
        state.withLock { hasRoom(for: key, in: &$0, at: now) }
    }

    /// How many buckets are remembered.
    var count: Int { state.withLock { $0.fullAt.count } }

    private func wait(for key: Key, in state: inout State, at now: Timestamp) -> Int64 {
        guard var fullAt = state.fullAt[key] else { return 0 }
        let latest = now.adding(seconds: burst * interval)
        // A clock that was set back makes no sender wait for longer than an empty bucket does.
        if fullAt > latest { (fullAt, state.fullAt[key]) = (latest, latest) }
        let missing = fullAt.microseconds - now.microseconds - (burst - 1) * interval * 1_000_000
        return missing <= 0 ? 0 : (missing + 999_999) / 1_000_000
    }

    /// Where there is none, buckets that are full again are forgotten: all are looked at, and so at most once a second.
    private func hasRoom(for key: Key, in state: inout State, at now: Timestamp) -> Bool {
        if state.fullAt[key] != nil || state.fullAt.count < capacity { return true }
        if let sweptAt = state.sweptAt, abs(now.microseconds - sweptAt.microseconds) < 1_000_000 { return false }
        state.sweptAt = now
        let latest = now.adding(seconds: burst * interval)
        state.fullAt = state.fullAt.filter { now < $0.value && $0.value <= latest }
        return state.fullAt.count < capacity
    }
}
