/// A score and how it came about, in words; the same text on both ends.
public struct Score: Sendable, Equatable, Codable {
    /// 0 to 100; more is better.
    public var value: Int
    /// What each rule gave, in the policy's order.
    public var rules: [RuleResult]
    /// Why the whole is capped, if it is.
    public var cap: String?
    /// The group of the policy whose rules counted; nil where the policy's own did.
    public var group: String?

    /// Creates a score; parts of the texts may have come from elsewhere, so they are made printable.
    public init(value: Int, rules: [RuleResult], cap: String? = nil, group: String? = nil) {
        self.value = value
        self.rules = rules
        self.cap = cap?.printable()
        self.group = group?.printable()
    }

    private enum CodingKeys: String, CodingKey {
        case value = "score"
        case rules, cap, group
    }
}

/// What the scorer answers to a report, and to a device that asks for its own record.
public struct ReportAnswer: Sendable, Equatable, Codable {
    /// The device that the answer is about.
    public var device: DeviceID
    /// Its score now.
    public var score: Score
    /// When the newest report was received, by the scorer's clock.
    public var receivedAt: Timestamp
    /// In how many seconds the scorer wants the next report.
    public var nextReportIn: Int

    /// Creates an answer.
    public init(device: DeviceID, score: Score, receivedAt: Timestamp, nextReportIn: Int) {
        self.device = device
        self.score = score
        self.receivedAt = receivedAt
        self.nextReportIn = nextReportIn
    }

    private enum CodingKeys: String, CodingKey {
        case device, score
        case receivedAt = "received_at"
        case nextReportIn = "next_report_in"
    }
}
