internal import Verification

/// What a check came to, as `postured check --json` prints it; stable.
package struct CheckSummary: Sendable, Equatable, Codable {
    /// The check's id.
    package let id: String
    /// The outcome.
    package let outcome: CheckResult.Outcome
    /// What a person should know, in a sentence or two.
    package internal(set) var reason: String
    /// The problem for machines, such as `expired`; nil where the check passed.
    package let code: String?
    /// What does not decide the outcome and should be mended all the same, a sentence each.
    package internal(set) var warnings: [String]
    /// The certificates that have the names that are asked for, in the order in which they were judged.
    package internal(set) var candidates: [CandidateVerdict]

    /// Sums up a result.
    package init(_ result: CheckResult) {
        (id, outcome, reason, code) = (result.id, result.outcome, result.reason, result.code?.rawValue)
        (warnings, candidates) = (result.warnings, result.candidates)
    }
}

extension [CheckSummary] {
    /// The exit status that goes with all the results: 2 if any could not be looked at, 1 if any failed, else 0.
    package var exitStatus: Int32 {
        if contains(where: { $0.outcome == .unable }) { return 2 }
        return contains { $0.outcome == .fail } ? 1 : 0
    }
}
