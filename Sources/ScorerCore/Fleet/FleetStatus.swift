package import PostureModel
package import ScorerModel
internal import ScorerStore

/// The devices as a whole, counted now and then.
package struct FleetStatus: Sendable {
    private let store: any ScorerDatabase
    private let counter: FleetCounter<FleetCounts>
    private let identityCounter: FleetCounter<IdentityCounts>

    init(store: any ScorerDatabase) {
        self.store = store
        counter = FleetCounter { try await store.counts(at: $0) }
        identityCounter = FleetCounter { try await IdentityCounts(of: store, at: $0) }
    }

    /// The counts, which may be a few minutes old.
    ///
    /// - Throws: what the store throws, which is asked in any case.
    package func counts(at now: Timestamp) async throws -> FleetCounts {
        try await checkStore()
        return try await counter.counts(at: now)
    }

    /// The rows, conflicts and notices, which may be a few minutes old.
    ///
    /// - Throws: what the store throws, which is asked in any case.
    package func identities(at now: Timestamp) async throws -> IdentityCounts {
        try await checkStore()
        return try await identityCounter.counts(at: now)
    }

    /// Asks the store for something small.
    ///
    /// - Throws: what the store throws.
    func checkStore() async throws { _ = try await store.nonceKeys() }
}
