/// A score and how it came about, in words; the same text on both ends.
public struct Score: Sendable, Equatable, Codable {
    /// 0 to 100; more is better.
    public var value: Int
    /// What each rule gave, in the policy's order.
    public var rules: [RuleResult]
    /// Why the whole is capped, if it is.
    public var cap: String?

    /// Creates a score.
    public init(value: Int, rules: [RuleResult], cap: String? = nil) {
        self.value = value
        self.rules = rules
        self.cap = cap
    }

    private enum CodingKeys: String, CodingKey {
        case value = "score"
        case rules, cap
    }
}

/// What one rule of the policy gave.
public struct RuleResult: Sendable, Equatable, Codable {
    /// The rule's id, such as `certificate_proven`.
    public var rule: String
    /// The points it gave, 0 to `available`.
    public var points: Int
    /// The points it can give.
    public var available: Int
    /// Why, in a sentence that a person can act on.
    public var reason: String

    /// Creates a result; parts of the reason may have come from the machine, so it is made printable.
    public init(rule: String, points: Int, available: Int, reason: String) {
        self.rule = rule
        self.points = points
        self.available = available
        self.reason = reason.printable()
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
