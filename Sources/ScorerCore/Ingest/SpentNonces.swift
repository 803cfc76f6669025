internal import PostureModel
internal import Synchronization
internal import Verification

/// The nonces of messages that a device has signed: none is good for a second message of that device.
///
/// So the same bytes, sent again, cost a look into this table. A nonce is remembered together with its device: a sender
/// who saw a nonce and signs with another key takes nothing from that device. It is remembered for as long as it may live, and at
/// least until ``limit`` others were used; it is this scorer's memory alone, so that a start forgets it. That a report
/// counts once for good is the store's to see to. See docs/decisions/0019.
final class SpentNonces: Sendable {
    /// How many nonces are remembered at least, and half of how many at most.
    static let limit = 65_536
    /// Seconds for which a nonce can be good: until it is too old, from when it was too far in the future.
    private static let lifetime = 2 * NonceAuthority.lifetime

    private struct State {
        var newer: Set<Int> = []
        var older: Set<Int> = []
        var since: Timestamp?
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int = SpentNonces.limit) { self.limit = limit }

    /// Whether a message of this device with this nonce was taken before.
    func isSpent(_ nonce: VerifiedNonce, by device: DeviceID) -> Bool {
        let use = Self.use(of: nonce, by: device)
        return state.withLock { $0.newer.contains(use) || $0.older.contains(use) }
    }

    /// Takes the nonce of a message that the device signed; false if it was taken before.
    func spend(_ nonce: VerifiedNonce, by device: DeviceID, at now: Timestamp) -> Bool {
        let use = Self.use(of: nonce, by: device)
        return state.withLock { state in
            guard !state.newer.contains(use), !state.older.contains(use) else { return false }
            let age = state.since.map { abs(now.seconds(since: $0)) } ?? 0
            if age > Self.lifetime || state.newer.count >= limit {
                (state.older, state.newer) = (state.newer, [])
                state.since = nil
            }
            state.since = state.since ?? now
            return state.newer.insert(use).inserted
        }
    }

    /// What tells a nonce and its device from others, in eight bytes, by the process's own secret.
    private static func use(of nonce: VerifiedNonce, by device: DeviceID) -> Int {
        var hasher = Hasher()
        hasher.combine(nonce.digest)
        hasher.combine(device)
        return hasher.finalize()
    }
}
