package import PostureModel

extension Evaluation {
    /// The evaluation in sentences, for a person who looks.
    package var score: Score {
        Score(value: value, rules: rules.map(\.result), cap: cap?.sentence(of: device), group: group)
    }
}

extension Evaluation.Cap {
    fileprivate func sentence(of device: DeviceID) -> String {
        switch self {
        case .disqualified(let disqualification): disqualification.sentence(of: device)
        case .future: "the newest report is from the future: the scorer's clock was set back"
        case .stale(let age): "the newest report is \(TimeSpan(seconds: age)) old: nothing of it counts"
        case .gate(let rule, let limit): "at most \(limit) of 100 while \(rule) does not pass"
        }
    }
}

extension RuleEvaluation {
    /// The rule's line, with what it saw and what to do.
    fileprivate var result: RuleResult {
        let reason = judgement.reason()
        // What is waived is nothing to be done about.
        let isWaived = if case .waiver = relief { true } else { false }
        return RuleResult(
            rule: name.rawValue,
            points: points,
            available: rule.points,
            reason: relief.map { "\($0.note): \(reason)" } ?? reason,
            outcome: outcome,
            gate: rule.gate,
            advice: isWaived ? nil : judgement.advice?()
        )
    }
}
