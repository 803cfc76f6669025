internal import Synchronization

/// The nonce of the last answer, for the next report, while it is fresh: then a report is one round trip.
final class KeptNonce: Sendable {
    /// Seconds after which a nonce is not tried any more.
    ///
    /// It lives for 300 (docs/wire-format.md); the rest is for collecting, signing and the way.
    private static let lifetime = Duration.seconds(240)

    private let state = Mutex<(nonce: String, since: ContinuousClock.Instant)?>(nil)

    /// Keeps the nonce of a request that was sent at `instant`: the nonce is not older than that.
    func keep(_ nonce: String?, since instant: ContinuousClock.Instant) {
        state.withLock { $0 = nonce.map { ($0, instant) } }
    }

    /// Gives the nonce out, once; nil where there is none that is fresh.
    func take(at instant: ContinuousClock.Instant) -> String? {
        let kept = state.withLock { state in
            defer { state = nil }
            return state
        }
        guard let kept, kept.since.duration(to: instant) < Self.lifetime else { return nil }
        return kept.nonce
    }
}
