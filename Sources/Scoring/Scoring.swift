public import PostureModel

extension Policy {
    /// The score of a device's newest report, as of `now`.
    ///
    /// Pure: the same input gives the same score.
    ///
    /// What is not known gives no points. A report that is too old is worth nothing, whatever it says.
    public func score(_ report: VerifiedReport, receivedAt: Timestamp, trust: Trust, at now: Timestamp) -> Score {
        let verdicts = trust.verdicts(of: report, at: now)
        let age = now.seconds(since: receivedAt)
        let rules = [
            certificateRule("certificate_proven", points.certificateProven, verdicts, atLeast: .proven),
            certificateRule("certificate_key_present", points.certificateKeyPresent, verdicts, atLeast: .keyPresent),
            certificateRule("certificate_present", points.certificatePresent, verdicts, atLeast: .certificateOnly),
            freshnessRule(age: age),
            serialRule(report.report.facts.serials),
        ].filter { $0.available > 0 }
        guard age >= -Self.clockTolerance else {
            return Score(
                value: 0,
                rules: rules,
                cap: "the newest report is from the future: the scorer's clock was set back"
            )
        }
        guard age < freshness.nothingAfter else {
            return Score(value: 0, rules: rules, cap: "the newest report is \(duration(age)) old: nothing of it counts")
        }
        return Score(value: rules.map(\.points).reduce(0, +), rules: rules)
    }

    /// Seconds by which two clocks may differ, and one may have been set back.
    private static let clockTolerance: Int64 = 300

    private func certificateRule(
        _ rule: String,
        _ available: Int,
        _ verdicts: [CheckVerdict],
        atLeast level: ProofLevel
    ) -> RuleResult {
        guard !verdicts.isEmpty else {
            return RuleResult(
                rule: rule,
                points: 0,
                available: available,
                reason: "the scorer has no certificate check"
            )
        }
        let failed = verdicts.filter { $0.level < level }
        let shown = failed.isEmpty ? verdicts : failed
        let text = shown.map { verdict in
            let reason = verdict.warning.map { "\(verdict.reason); \($0)" } ?? verdict.reason
            return verdicts.count == 1 ? reason : "\(verdict.id): \(reason)"
        }.joined(separator: "; ")
        return RuleResult(rule: rule, points: failed.isEmpty ? available : 0, available: available, reason: text)
    }

    private func freshnessRule(age: Int64) -> RuleResult {
        let span = freshness.nothingAfter - freshness.fullFor
        let left = age < -Self.clockTolerance ? 0 : min(span, max(0, freshness.nothingAfter - age))
        let earned = Int(Int64(points.reportFresh) * left / span)
        let reason =
            age <= freshness.fullFor
            ? "reported \(duration(max(0, age))) ago"
            : "reported \(duration(age)) ago; all points within \(duration(freshness.fullFor)), none after \(duration(freshness.nothingAfter))"
        return RuleResult(rule: "report_fresh", points: earned, available: points.reportFresh, reason: reason)
    }

    private func serialRule(_ serials: SerialNumbers) -> RuleResult {
        if serials.best != nil {
            return RuleResult(
                rule: "serial_known",
                points: points.serialKnown,
                available: points.serialKnown,
                reason: "the firmware gives a serial number"
            )
        }
        let why =
            switch serials.product {
            case .observed(let serial): "the serial number is junk (\(serial.junkReason ?? "junk"))"
            case .notApplicable(let reason), .unreadable(let reason): reason
            }
        return RuleResult(
            rule: "serial_known",
            points: 0,
            available: points.serialKnown,
            reason: "no serial number: \(why)"
        )
    }
}

/// A number of seconds for people: `40 s`, `12 min`, `3 h`, `2 days`.
public func duration(_ seconds: Int64) -> String {
    switch seconds {
    case ..<120: "\(seconds) s"
    case ..<7200: "\(seconds / 60) min"
    case ..<172_800: "\(seconds / 3600) h"
    default: "\(seconds / 86_400) days"
    }
}
