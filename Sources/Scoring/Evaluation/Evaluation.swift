package import PostureModel

extension Policy {
    /// The score of a device's newest report, as of `now`.
    ///
    /// Pure: the same input gives the same score.
    ///
    /// What is not known gives no points. A report that is too old is worth nothing, whatever it says.
    package func score(_ evidence: Evidence, trust: Trust, at now: Timestamp) -> Score {
        let (subject, group) = view(evidence, trust, now)
        let applied = rules(inForceOf: group).map { name, rule in apply(rule, name, to: subject) }
        let total = min(100, max(0, applied.map(\.points).reduce(0, +)))
        let closed = applied.filter { !$0.outcome.counts && $0.gate.map { $0 < total } == true }
        let value = closed.compactMap(\.gate).min() ?? total
        let nothing = nothing(evidence, at: now)
        return Score(
            value: nothing == nil ? value : 0,
            rules: applied,
            cap: nothing
                ?? closed.first { $0.gate == value }.map { rule in
                    "at most \(value) of 100 while \(rule.rule) does not pass"
                },
            group: group?.name
        )
    }

    /// The rules of the device that count and do not pass now, grace and waivers aside: what the store remembers the
    /// beginning of.
    ///
    /// A warning is none of them, so that grace begins when a rule begins to cost something.
    package func failing(_ evidence: Evidence, trust: Trust, at now: Timestamp) -> Set<String> {
        let (subject, group) = view(evidence, trust, now)
        let failing = rules(inForceOf: group).filter { name, rule in
            rule.counts && subject.judgement(name, rule).outcome != .pass
        }
        return Set(failing.map(\.0.rawValue))
    }

    private func view(_ evidence: Evidence, _ trust: Trust, _ now: Timestamp) -> (Subject, Group?) {
        let verdicts = trust.verdicts(of: evidence.report, at: now)
        let subject = Subject(evidence: evidence, verdicts: verdicts, freshness: freshness, now: now)
        return (subject, group(tags: evidence.standing.tags, verdicts: verdicts))
    }

    private func rules(inForceOf group: Group?) -> [(Rule.Name, Rule)] {
        let rules = rules(of: group)
        return Rule.Name.allCases.compactMap { name in rules[name].map { (name, $0) } }.filter { $0.1.isInForce }
    }

    /// Why nothing that the device says counts; nil if it does.
    private func nothing(_ evidence: Evidence, at now: Timestamp) -> String? {
        if let disqualification = evidence.standing.disqualification { return disqualification }
        if evidence.isFromTheFuture(at: now) {
            return "the newest report is from the future: the scorer's clock was set back"
        }
        guard evidence.age >= freshness.staleAfter else { return nil }
        return "the newest report is \(duration(evidence.age)) old: nothing of it counts"
    }

    private func apply(_ rule: Rule, _ name: Rule.Name, to subject: Subject) -> RuleResult {
        let judgement = subject.judgement(name, rule).eased(rule, name, subject)
        // A late report is worth something yet.
        let late = name == .reportFresh ? subject.shareOfFreshness(of: rule.points) : 0
        let points = judgement.outcome.counts ? rule.points : late
        return RuleResult(
            rule: name.rawValue,
            points: points,
            available: rule.points,
            reason: judgement.reason,
            outcome: judgement.outcome,
            gate: rule.gate,
            advice: judgement.advice
        )
    }
}
