internal import PostureModel
internal import ReportStore

/// The devices as a whole, counted now and then: however often somebody asks, counting takes a thousandth of the time, or
/// is five minutes ago.
actor FleetCount {
    /// Seconds that a count is good for, whatever it took.
    static let lifetime: ClosedRange<Int64> = 10...300

    private let store: any ReportStore
    private var counted: (fleet: Fleet, at: Timestamp, lifetime: Int64)?

    init(store: any ReportStore) { self.store = store }

    /// The fleet as of `now`, or a little before.
    func fleet(at now: Timestamp) async throws -> Fleet {
        if let counted, abs(now.seconds(since: counted.at)) < counted.lifetime { return counted.fleet }
        let start = ContinuousClock.now
        let fleet = try await store.fleet(at: now)
        // Milliseconds that it took are seconds that it lasts.
        let cost = Int64(start.duration(to: .now) / .milliseconds(1))
        counted = (fleet, now, min(max(cost, Self.lifetime.lowerBound), Self.lifetime.upperBound))
        return fleet
    }
}
