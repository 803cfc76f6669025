/// What one rule of the policy gave.
public struct RuleResult: Sendable, Equatable {
    /// The rule's id, such as `certificate_proven`.
    public var rule: String
    /// The points it gave, 0 to `available`.
    public var points: Int
    /// The points it can give; 0 for a rule that only caps the score, or only warns.
    public var available: Int
    /// Why, in a sentence that a person can act on.
    public var reason: String
    /// How it came out.
    public var outcome: RuleOutcome
    /// The most that the whole score can be while the rule does not pass; nil if the rule caps nothing.
    public var gate: Int?
    /// What to do; nil where nothing is to be done.
    public var advice: String?

    /// Creates a result; parts of the texts may have come from the machine, so they are made printable.
    public init(
        rule: String,
        points: Int,
        available: Int,
        reason: String,
        outcome: RuleOutcome? = nil,
        gate: Int? = nil,
        advice: String? = nil
    ) {
        self.rule = rule
        self.points = points
        self.available = available
        self.reason = reason.printable()
        self.outcome = outcome ?? (points >= available ? .pass : .fail)
        self.gate = gate
        self.advice = advice?.printable()
    }

    /// Whether the rule costs nothing, whatever comes out: it shows what would be lost if it did.
    public var isWarning: Bool { available == 0 && gate == nil }
}

extension RuleResult: Codable {
    private enum CodingKeys: String, CodingKey { case rule, points, available, reason, outcome, gate, advice }

    /// Reads the wire form, also that of a scorer that says no outcome.
    public init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            rule: try object.decode(String.self, forKey: .rule),
            points: try object.decode(Int.self, forKey: .points),
            available: try object.decode(Int.self, forKey: .available),
            reason: try object.decode(String.self, forKey: .reason),
            outcome: try object.decodeIfPresent(RuleOutcome.self, forKey: .outcome),
            gate: try object.decodeIfPresent(Int.self, forKey: .gate),
            advice: try object.decodeIfPresent(String.self, forKey: .advice)
        )
    }
}

/// How a rule came out; a word that this version does not know is read as `unknown`, which passes nothing.
public enum RuleOutcome: String, Word {
    /// What it asks for is so, or does not apply and the policy lets that pass.
    case pass
    case fail
    /// Nobody could look.
    case unknown
    /// There is nothing of the kind to look at, and the policy does not let that pass.
    case notApplicable = "not_applicable"
    /// It does not pass, and counts as if it did for some time yet.
    case grace
    /// It does not pass, and counts as if it did because an operator says so.
    case waived

    /// Whether the rule's points are given and its gate is open.
    public var counts: Bool {
        switch self {
        case .pass, .grace, .waived: true
        case .fail, .unknown, .notApplicable: false
        }
    }
}
