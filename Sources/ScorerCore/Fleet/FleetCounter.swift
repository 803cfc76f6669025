internal import PostureModel
internal import ScorerModel
internal import Scoring

/// The devices as a whole, counted now and then: however often it is asked for, counting takes a thousandth of the time, or
/// is five minutes ago.
actor FleetCounter {
    /// Seconds that a count is good for, whatever it took.
    static let lifetime: ClosedRange<Int64> = 10...300

    private let count: @Sendable (Timestamp) async throws -> FleetCounts
    private var counted: (fleet: FleetCounts, at: Timestamp, lifetime: Int64)?
    private var underWay: Task<FleetCounts, any Error>?

    init(_ count: @escaping @Sendable (Timestamp) async throws -> FleetCounts) { self.count = count }

    /// The fleet as of `now`, or a little before; a caller meanwhile waits for the count that is under way.
    func fleet(at now: Timestamp) async throws -> FleetCounts {
        if let counted, abs(now.seconds(since: counted.at)) < counted.lifetime { return counted.fleet }
        if let underWay { return try await underWay.value }
        let task = Task { try await countAnew(at: now) }
        underWay = task
        return try await task.value
    }

    private func countAnew(at now: Timestamp) async throws -> FleetCounts {
        defer { underWay = nil }
        let start = ContinuousClock.now
        let fleet = try await count(now)
        // Milliseconds that it took are seconds that it lasts.
        let cost = Int64(start.duration(to: .now) / .milliseconds(1))
        counted = (fleet, now, min(max(cost, Self.lifetime.lowerBound), Self.lifetime.upperBound))
        return fleet
    }
}
