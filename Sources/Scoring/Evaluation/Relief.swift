internal import PostureModel

extension Subject {
    /// What a rule finds, where what does not apply is a pass if the rule says so.
    func judgement(_ name: Rule.Name, _ rule: Rule) -> Judgement {
        var judgement = judgement(name, rule.parameters)
        if judgement.outcome == .notApplicable, rule.passesWhereNotApplicable {
            (judgement.outcome, judgement.advice) = (.pass, nil)
        }
        return judgement
    }

    /// The waiver of a rule that is in force: of several the one that lasts longest.
    func waiver(_ name: Rule.Name) -> Waiver? {
        evidence.standing.waivers.filter { $0.rule == name.rawValue && now < $0.until }
            .max { ($0.until, $1.reason) < ($1.until, $0.reason) }
    }

    /// The moment at which the grace of a rule ends.
    func graceEnds(_ name: Rule.Name, _ rule: Rule) -> (since: Timestamp, until: Timestamp) {
        // It cannot have begun after the report that shows it, whatever the clock did in between.
        let since = min(evidence.standing.failingSince[name.rawValue] ?? evidence.receivedAt, evidence.receivedAt)
        return (since, since.adding(seconds: rule.grace))
    }
}

extension Judgement {
    /// The same after an operator's waiver, which comes first, and the rule's grace.
    func eased(_ rule: Rule, _ name: Rule.Name, _ subject: Subject) -> Judgement {
        // What eases comes first: long reasons are cut at their end.
        if let waiver = subject.waiver(name) {
            return Judgement(
                outcome: outcome == .pass ? .pass : .waived,
                reason: "waived until \(waiver.until) (\(waiver.reason.bounded())): \(reason)"
            )
        }
        guard outcome != .pass, rule.grace > 0 else { return self }
        let (since, until) = subject.graceEnds(name, rule)
        guard since > Timestamp(seconds: 0) else {
            return Judgement(outcome: outcome, reason: "never passed, and so without grace: \(reason)", advice: advice)
        }
        let isOver = until <= subject.now
        let note = isOver ? "since \(since), longer than it may" : "since \(since), costs nothing until \(until)"
        return Judgement(outcome: isOver ? outcome : .grace, reason: "\(note): \(reason)", advice: advice)
    }
}
