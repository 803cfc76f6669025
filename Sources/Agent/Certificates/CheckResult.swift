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

/// One certificate that has the names that are asked for, as `postured check --json` prints it; stable.
package struct CandidateVerdict: Sendable, Equatable, Codable {
    /// Its nickname; nil where it has none.
    package internal(set) var nickname: String?
    /// The token that it is in; nil for a file.
    package let token: String?
    /// Its subject.
    package internal(set) var subject: String
    /// The SHA-256 of its DER, base64url.
    package let sha256: String
    /// `present`, `absent` or `unreadable`.
    package let privateKey: String
    /// Whether the certificate itself is valid; its key aside.
    package let isValid: Bool
    /// The verdict in words.
    package internal(set) var reason: String
    /// The problem for machines; nil where there is none.
    package let code: String?

    private enum CodingKeys: String, CodingKey {
        case nickname, token, subject, sha256, reason, code
        case privateKey = "private_key"
        case isValid = "valid"
    }

    init(_ candidate: Candidate) {
        let stored = candidate.stored
        (nickname, token) = (stored.nickname, stored.token)
        (subject, sha256) = (stored.certificate.subject, stored.certificate.fingerprint)
        switch stored.privateKey {
        case .present: privateKey = "present"
        case .absent: privateKey = "absent"
        case .unreadable: privateKey = "unreadable"
        }
        isValid = candidate.isValid
        switch candidate.judgement {
        case .valid(let chain): (reason, code) = (chain.summary, nil)
        case .invalid(let problem): (reason, code) = (problem.reason, problem.code.rawValue)
        }
    }
}
