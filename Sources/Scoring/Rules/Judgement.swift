internal import PostureModel

/// The finding of one rule about a device, before grace and waivers.
///
/// Its sentences are made on request: most scores are for a program, which shows none.
struct Judgement: Sendable {
    typealias Sentence = @Sendable () -> String

    let outcome: RuleOutcome
    let reason: Sentence
    var advice: Sentence?

    static func pass(_ reason: @autoclosure @escaping Sentence) -> Judgement {
        Judgement(outcome: .pass, reason: reason)
    }

    static func fail(_ reason: @autoclosure @escaping Sentence, _ advice: @autoclosure @escaping Sentence) -> Judgement
    {
        Judgement(outcome: .fail, reason: reason, advice: advice)
    }

    static func unknown(
        _ reason: @autoclosure @escaping Sentence,
        _ advice: @autoclosure @escaping Sentence = "see 'postured facts' on the machine: it says what cannot be read"
    ) -> Judgement {
        Judgement(outcome: .unknown, reason: reason, advice: advice)
    }

    static func notApplicable(_ reason: @autoclosure @escaping Sentence) -> Judgement {
        Judgement(
            outcome: .notApplicable,
            reason: { "does not apply: \(reason())" },
            advice: { "if that is as it should be, say not_applicable = \"pass\" in the policy" }
        )
    }

    /// The judgement of a fact: that of `judge` where the agent observed it.
    static func of<Value>(_ observation: Observation<Value>, _ judge: (Value) -> Judgement) -> Judgement {
        switch observation {
        case .observed(let value): judge(value)
        case .notApplicable(let reason): .notApplicable(reason.bounded())
        case .notReported:
            .unknown("not in the report", "update postured: its version does not report it")
        case .unreadable(let reason): .unknown("not known: \(reason.bounded())")
        }
    }
}

/// A device as a rule sees it.
struct Subject: Sendable {
    let input: ScoringInput
    /// The verdicts as they count now, one for each check.
    let verdicts: [CheckVerdict]
    let freshness: Policy.Freshness
    let now: Timestamp

    var facts: Facts { input.report.report.facts }
    var posture: Posture { facts.posture }

    /// The finding of a rule; one that does not apply passes if the policy says so.
    func judgement(_ name: Rule.Name, _ rule: Rule) -> Judgement {
        let judgement = judgement(name, rule.parameters)
        guard judgement.outcome == .notApplicable, rule.passesWhereNotApplicable else { return judgement }
        return Judgement(outcome: .pass, reason: judgement.reason)
    }
}

extension String {
    /// The first 120 bytes, at most: for texts from elsewhere of which there may be many.
    func bounded() -> String {
        var left = 120
        return String(
            String.UnicodeScalarView(
                unicodeScalars.prefix { scalar in
                    left -= UTF8.width(scalar)
                    return left >= 0
                }
            )
        )
    }
}

/// The first three of many names: `/a, /b, /c and 3 more`.
func few(_ names: [String]) -> String {
    let shown = names.sorted().prefix(3).map { $0.bounded() }.joined(separator: ", ")
    return (names.count > 3 ? "\(shown) and \(names.count - 3) more" : shown)
}
