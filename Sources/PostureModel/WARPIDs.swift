/// The ids of a machine's WARP client, and when they were read.
public struct WARPIDs: Sendable, Equatable, Codable {
    /// The ids of the client's device and of its registration; Cloudflare may ask for either.
    public var ids: [String]
    /// When the agent read them, by the machine's own clock.
    public var readAt: Timestamp

    /// Creates ids that were read at a moment.
    public init(ids: [String], readAt: Timestamp) { (self.ids, self.readAt) = (ids, readAt) }

    /// The most ids of one report.
    public static let limit = 8
    /// The seconds for which an agent that cannot tell the ids repeats those that it read itself.
    public static let repeatedFor: Int64 = 3600

    /// Whether the ids may still be reported at a moment by the same clock.
    ///
    /// Ids that were read in the future were read by a clock that was wrong, and are not repeated.
    public func mayBeRepeated(at now: Timestamp) -> Bool {
        (0...Self.repeatedFor).contains(now.seconds(since: readAt))
    }

    private enum CodingKeys: String, CodingKey {
        case ids
        case readAt = "read_at"
    }
}
