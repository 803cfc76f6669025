internal import OpenSSLBridge
internal import PostureModel
internal import ScorerStore
internal import Verification

/// Keeps the nonce keys: shared through the store, a new one each day, forgotten when no nonce of theirs can live.
actor NonceKeeper {
    /// Seconds that a key signs.
    static let lifetime: Int64 = 86_400

    private let store: any ServiceStore
    private let audience: String
    private var keys: [NonceKey] = []

    init(store: any ServiceStore, audience: String) {
        self.store = store
        self.audience = audience
    }

    /// The authority over nonces as of `now`.
    func authority(at now: Timestamp) async throws -> NonceAuthority {
        if !hasCurrentKey(at: now) {
            // Another scorer, or another task here, may have made one meanwhile.
            keys = try await store.nonceKeys()
            if !hasCurrentKey(at: now) {
                let id = (keys.first?.id ?? 0) &+ 1
                let key = NonceKey(id: id, secret: Digest.random(count: 32), createdAt: now)
                try await store.add(key, deletingBefore: now.adding(seconds: -2 * Self.lifetime))
                keys = try await store.nonceKeys()
            }
        }
        return NonceAuthority(audience: audience, keys: keys)
    }

    private func hasCurrentKey(at now: Timestamp) -> Bool {
        keys.contains { abs(now.seconds(since: $0.createdAt)) < Self.lifetime }
    }
}
