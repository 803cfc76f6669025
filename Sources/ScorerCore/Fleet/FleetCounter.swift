internal import PostureModel

/// Something of the fleet as a whole, counted now and then: however often it is asked for, counting takes a thousandth of the time, or
/// is five minutes ago.
actor FleetCounter<Counts: Sendable> {
    /// Seconds that a count is good for, whatever it took.
    static var lifetime: ClosedRange<Int64> { 10...300 }

    private let count: @Sendable (Timestamp) async throws -> Counts
    private var counted: (counts: Counts, at: Timestamp, lifetime: Int64)?
    private var underWay: Task<Counts, any Error>?

    init(_ count: @escaping @Sendable (Timestamp) async throws -> Counts) { self.count = count }

    /// The counts as of `now`, or a little before; a caller meanwhile waits for the count that is under way.
    func counts(at now: Timestamp) async throws -> Counts {
        if let counted, abs(now.seconds(since: counted.at)) < counted.lifetime { return counted.counts }
        if let underWay { return try await underWay.value }
        let task = Task { try await countAnew(at: now) }
        underWay = task
        return try await task.value
    }

    private func countAnew(at now: Timestamp) async throws -> Counts {
        defer { underWay = nil }
        let start = ContinuousClock.now
        let counts = try await count(now)
        // Milliseconds that it took are seconds that it lasts.
        let cost = Int64(start.duration(to: .now) / .milliseconds(1))
        counted = (counts, now, min(max(cost, Self.lifetime.lowerBound), Self.lifetime.upperBound))
        return counts
    }
}
