package import PostureModel
package import ScorerModel

/// A waiver or a grace: why a rule that does not pass costs nothing, or no longer does.
package enum Relief: Sendable, Equatable {
    /// An operator's waiver is in force, whether the rule passes or not.
    case waiver(Waiver)
    /// The rule has been failing for less than its grace.
    case grace(since: Timestamp, until: Timestamp)
    /// The rule has been failing for longer than its grace.
    case graceEnded(since: Timestamp)
    /// The device has failed the rule since its first report, and so has no grace.
    case neverPassed

    /// The outcome of a rule with this relief.
    func outcome(of judged: RuleOutcome) -> RuleOutcome {
        switch self {
        case .waiver: judged == .pass ? .pass : .waived
        case .grace: .grace
        case .graceEnded, .neverPassed: judged
        }
    }

    /// The words before the rule's reason; long reasons are cut at their end.
    var note: String {
        switch self {
        case .waiver(let waiver): "waived until \(waiver.expiresAt) (\(waiver.reason.bounded()))"
        case .grace(let since, let until): "since \(since), costs nothing until \(until)"
        case .graceEnded(let since): "since \(since), longer than it may"
        case .neverPassed: "never passed, and so without grace"
        }
    }
}

extension Subject {
    /// The waiver that is in force, or else the grace of a rule that does not pass.
    ///
    /// A rule of which no time is known has been failing since the newest report.
    func relief(_ name: Rule.Name, _ rule: Rule, _ outcome: RuleOutcome, failingSince: Timestamp?) -> Relief? {
        if let waiver = waiver(name) { return .waiver(waiver) }
        guard outcome != .pass, rule.grace > 0 else { return nil }
        // It cannot have begun after the report that shows it, whatever the clock did in between.
        let since = min(failingSince ?? input.receivedAt, input.receivedAt)
        guard since > .neverPassed else { return .neverPassed }
        let until = since.adding(seconds: rule.grace)
        return until <= now ? .graceEnded(since: since) : .grace(since: since, until: until)
    }

    /// The waiver of a rule that is in force; of several the one that lasts longest.
    private func waiver(_ name: Rule.Name) -> Waiver? {
        input.record.waivers.filter { $0.rule == name.rawValue && $0.counts(at: now) }
            .max { ($0.expiresAt, $1.reason) < ($1.expiresAt, $0.reason) }
    }
}

extension Timestamp {
    /// The time that is kept for a rule that has been failing since the device's first report.
    static let neverPassed = Timestamp(seconds: 0)
}
