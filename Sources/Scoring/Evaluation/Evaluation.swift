package import PostureModel

/// The result of a policy for a device at one moment.
///
/// It has no sentences: ``score`` makes them for a person who looks.
package struct Evaluation: Sendable {
    /// The device.
    package let device: DeviceID
    /// The score, 0 to 100.
    package let value: Int
    /// Why the score is less than what the rules give; nil if it is not.
    let cap: Cap?
    /// The group of the policy whose rules counted; nil where the policy's own did.
    let group: String?
    /// The result of each rule, in the policy's order.
    package let rules: [RuleEvaluation]

    /// Why a score is less than what its rules give.
    package enum Cap: Sendable, Equatable {
        /// The device scores 0, whatever it reports.
        case disqualified(Disqualification)
        /// The newest report is from the future, since the scorer's clock was set back.
        case future
        /// The newest report is so many seconds old, and so counts for nothing.
        case stale(age: Int64)
        /// A rule with a gate does not pass.
        case gate(Rule.Name, limit: Int)
    }

    /// The rules that cost something now, in the policy's order.
    package var failing: [Rule.Name] { rules.filter(\.isFailing).map(\.name) }
}

/// The result of one rule.
package struct RuleEvaluation: Sendable {
    /// The rule's name.
    package let name: Rule.Name
    /// The rule in the policy.
    package let rule: Rule
    /// The outcome, after a waiver and the grace.
    package let outcome: RuleOutcome
    /// The points that it gave.
    let points: Int
    /// The waiver or the grace; nil if there is none.
    let relief: Relief?
    /// The finding, before a waiver and the grace.
    let judgement: Judgement

    /// Whether the rule costs something now.
    var isFailing: Bool { rule.counts && !outcome.counts }
}
