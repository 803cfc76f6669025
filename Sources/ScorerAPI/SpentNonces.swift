internal import PostureModel
internal import Synchronization
internal import Verification

/// The nonces of messages that a device has signed: none is good for a second message.
///
/// So the same bytes, sent again, cost a look into this table. A nonce is remembered for as long as it may live, and at
/// least until ``limit`` others were used; it is this scorer's memory alone, so that a start forgets it. That a report
/// counts once for good is the store's to see to. See docs/decisions/0019.
final class SpentNonces: Sendable {
    /// How many nonces are remembered at least, and half of how many at most.
    static let limit = 65_536
    /// Seconds for which a nonce can be good: until it is too old, from when it was too far in the future.
    private static let lifetime = 2 * NonceAuthority.lifetime

    private struct State {
        var newer: Set<UInt64> = []
        var older: Set<UInt64> = []
        var since: Timestamp?
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int = SpentNonces.limit) { self.limit = limit }

    /// Whether a message with this nonce was taken before.
    func isSpent(_ nonce: VerifiedNonce) -> Bool {
        state.withLock { $0.newer.contains(nonce.digest) || $0.older.contains(nonce.digest) }
    }

    /// Takes the nonce of a message whose signature holds; false if it was taken before.
    func spend(_ nonce: VerifiedNonce, at now: Timestamp) -> Bool {
        state.withLock { state in
            guard !state.newer.contains(nonce.digest), !state.older.contains(nonce.digest) else { return false }
            let age = state.since.map { abs(now.seconds(since: $0)) } ?? 0
            if age > Self.lifetime || state.newer.count >= limit {
                (state.older, state.newer) = (state.newer, [])
                state.since = nil
            }
            state.since = state.since ?? now
            return state.newer.insert(nonce.digest).inserted
        }
    }
}
