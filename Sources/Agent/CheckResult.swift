public import PostureModel
public import Verification

/// What a certificate check found, and what it makes of it: for the person at the machine.
///
/// The scorer judges again.
public struct CheckResult: Sendable {
    /// The three outcomes: a database that cannot be read is not one without the certificate.
    public enum Outcome: String, Sendable, Codable {
        case pass
        case fail
        /// Nobody could look.
        case unable
    }

    /// The check's id.
    public var id: String
    /// The outcome.
    public var outcome: Outcome
    /// What a person should know, in a sentence or two.
    public var reason: String
    /// The problem for machines, such as `expired`; nil where the check passed.
    public var code: CertificateProblem.Code?
    /// What the report says of the check.
    public var finding: CheckFinding.Finding
    /// The certificate that the check settled on, to sign the proof with.
    var candidate: Candidate?

    /// The exit status that goes with all the results: 2 if any could not be looked at, 1 if any failed, else 0.
    public static func exitStatus(of results: [CheckResult]) -> Int32 {
        if results.contains(where: { $0.outcome == .unable }) { return 2 }
        return results.contains { $0.outcome == .fail } ? 1 : 0
    }
}

/// A result as `postured check --json` prints it; stable.
extension CheckResult: Encodable {
    private enum CodingKeys: String, CodingKey { case id, outcome, reason, code }

    /// Writes the wire form.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(id, forKey: .id)
        try object.encode(outcome, forKey: .outcome)
        try object.encode(reason, forKey: .reason)
        try object.encodeIfPresent(code?.rawValue, forKey: .code)
    }
}
