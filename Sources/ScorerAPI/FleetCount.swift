internal import PostureModel
internal import ReportStore

/// The devices as a whole, counted now and then: however often somebody asks, counting takes a thousandth of the time.
actor FleetCount {
    /// Seconds that a count is good for at least.
    static let lifetime: Int64 = 10

    private let store: any ReportStore
    private var counted: (fleet: Fleet, at: Timestamp, lifetime: Int64)?

    init(store: any ReportStore) { self.store = store }

    /// The fleet as of `now`, or a little before.
    func fleet(at now: Timestamp) async throws -> Fleet {
        if let counted, abs(now.seconds(since: counted.at)) < counted.lifetime { return counted.fleet }
        let start = ContinuousClock.now
        let fleet = try await store.fleet(at: now)
        // Milliseconds that it took are seconds that it lasts.
        counted = (fleet, now, max(Self.lifetime, Int64(start.duration(to: .now) / .milliseconds(1))))
        return fleet
    }
}
