internal import OpenSSLBridge
package import PostureModel
package import Verification

/// What a certificate check found, and what it makes of it: for the person at the machine.
///
/// The scorer judges again.
package struct CheckResult: Sendable {
    /// The three outcomes: a database that cannot be read is not one without the certificate.
    package enum Outcome: String, Sendable, Codable {
        case pass
        case fail
        /// Nobody could look.
        case unable
    }

    /// The check's id.
    package var id: String
    /// The outcome.
    package var outcome: Outcome
    /// What a person should know, in a sentence or two.
    package var reason: String
    /// The problem for machines, such as `expired`; nil where the check passed.
    package var code: CertificateProblem.Code?
    /// What does not decide the outcome and should be mended all the same, a sentence each.
    package var warnings: [String] = []
    /// The certificates that have the names that are asked for, in the order in which they were judged.
    package var candidates: [CandidateVerdict] = []
    /// What the report says of the check.
    package var finding: CheckFinding.Finding
    /// The certificate that the check settled on, to sign the proof with.
    var candidate: Candidate?

    init(
        id: String,
        _ outcome: Outcome,
        _ reason: String,
        _ code: CertificateProblem.Code?,
        _ finding: CheckFinding.Finding
    ) {
        (self.id, self.outcome, self.reason, self.code, self.finding) = (id, outcome, reason, code, finding)
    }

    /// There is no such certificate.
    init(id: String, notFound reason: String) {
        self.init(id: id, .fail, reason, .notFound, .notFound(reason: reason))
    }

    /// Nobody could look.
    init(id: String, unable problem: CertificateProblem) {
        self.init(id: id, .unable, problem.reason, problem.code, .unreadable(reason: problem.reason))
    }
}
