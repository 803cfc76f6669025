package import PostureModel
internal import ScorerModel

extension Policy {
    /// Evaluates the newest report of a device, as of `now`.
    ///
    /// Pure: the same input gives the same evaluation. What is not known gives no points, and a report that is too old
    /// gives none, whatever it says.
    package func evaluate(_ input: ScoringInput, trust: Trust, at now: Timestamp) -> Evaluation {
        judge(input, trust, now).evaluation(failingSince: input.record.failingSince)
    }

    /// Evaluates a report that has just been received, and finds since when each rule has been failing.
    ///
    /// A rule that fails keeps its time, and a new failure begins with the report. What fails in the device's first report
    /// has never passed. A warning is not failing, so that grace begins when a rule begins to cost something; waivers and
    /// grace do not matter.
    package func evaluate(
        newReport input: ScoringInput,
        isFirst: Bool,
        trust: Trust,
        at now: Timestamp
    ) -> (evaluation: Evaluation, failingSince: [String: Timestamp]) {
        let judged = judge(input, trust, now)
        let before = input.record.failingSince
        let failing = judged.rules.filter { $0.rule.counts && $0.judgement.outcome != .pass }.map(\.name.rawValue)
        let failingSince = Dictionary(
            uniqueKeysWithValues: failing.map { ($0, before[$0] ?? (isFirst ? .neverPassed : input.receivedAt)) }
        )
        return (judged.evaluation(failingSince: failingSince), failingSince)
    }

    private func judge(_ input: ScoringInput, _ trust: Trust, _ now: Timestamp) -> JudgedReport {
        let verdicts = verdicts(of: input, trust: trust, at: now)
        let subject = Subject(input: input, verdicts: verdicts, freshness: freshness, now: now)
        let group = group(of: input.record.tags)
        let rules = rules(of: group)
        return JudgedReport(
            subject: subject,
            group: group?.name,
            rules: Rule.Name.allCases.compactMap { name in
                guard let rule = rules[name], rule.isInForce else { return nil }
                return (name, rule, subject.judgement(name, rule))
            }
        )
    }
}

/// A report after each rule has looked at it, once.
private struct JudgedReport {
    let subject: Subject
    let group: String?
    let rules: [(name: Rule.Name, rule: Rule, judgement: Judgement)]

    func evaluation(failingSince: [String: Timestamp]) -> Evaluation {
        let rules = rules.map { name, rule, judgement in
            applyingWaiverAndGrace(judgement, name, rule, failingSince: failingSince[name.rawValue])
        }
        let total = min(100, max(0, rules.map(\.points).reduce(0, +)))
        let gate = Self.gate(of: rules, below: total)
        let nothing = nothing
        return Evaluation(
            device: subject.input.record.device,
            value: nothing == nil ? gate?.limit ?? total : 0,
            cap: nothing ?? gate.map { .gate($0.name, limit: $0.limit) },
            group: group,
            rules: rules
        )
    }

    private func applyingWaiverAndGrace(
        _ judgement: Judgement,
        _ name: Rule.Name,
        _ rule: Rule,
        failingSince: Timestamp?
    ) -> RuleEvaluation {
        let relief = subject.relief(name, rule, judgement.outcome, failingSince: failingSince)
        let outcome = relief?.outcome(of: judgement.outcome) ?? judgement.outcome
        // A late report still gives a part of its points.
        let late = name == .reportFresh ? subject.shareOfFreshness(of: rule.points) : 0
        return RuleEvaluation(
            name: name,
            rule: rule,
            outcome: outcome,
            points: outcome.counts ? rule.points : late,
            relief: relief,
            judgement: judgement
        )
    }

    /// The lowest gate that is closed and below what the rules give; of equals the first.
    private static func gate(of rules: [RuleEvaluation], below total: Int) -> (name: Rule.Name, limit: Int)? {
        rules.compactMap { rule in rule.outcome.counts ? nil : rule.rule.gate.map { (name: rule.name, limit: $0) } }
            .filter { $0.limit < total }
            .min { $0.limit < $1.limit }
    }

    /// Why nothing that the device reports counts; nil if it does.
    private var nothing: Evaluation.Cap? {
        let input = subject.input
        if let disqualification = input.record.disqualification { return .disqualified(disqualification) }
        if input.isFromTheFuture(at: subject.now) { return .future }
        return input.age >= subject.freshness.staleAfter ? .stale(age: input.age) : nil
    }
}
