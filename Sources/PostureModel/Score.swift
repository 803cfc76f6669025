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
    /// What the next report is to show, so that a return to an earlier state is seen; nil in the answer to a look at one's
    /// own record.
    ///
    /// An agent shows a receipt only after storing it durably, and shows the one before until then: the scorer expects the
    /// receipt of its newest answer, or the one that the newest report showed.
    public var receipt: String?

    /// The most characters of a receipt.
    package static let receiptLimit = 64

    /// Creates an answer.
    public init(device: DeviceID, score: Score, receivedAt: Timestamp, nextReportIn: Int, receipt: String? = nil) {
        self.device = device
        self.score = score
        self.receivedAt = receivedAt
        self.nextReportIn = nextReportIn
        self.receipt = receipt
    }

    private enum CodingKeys: String, CodingKey {
        case device, score, receipt
        case receivedAt = "received_at"
        case nextReportIn = "next_report_in"
    }
}
