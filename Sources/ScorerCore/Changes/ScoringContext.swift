package import Scoring
internal import Verification

/// Everything that a score is made by at one moment, besides the device's record.
package struct ScoringContext: Sendable {
    /// The policy in force.
    package var policy: Policy
    /// What a certificate that is shown now has to meet, by the check's id.
    var requirements: [String: CertificateRequirements]
    /// What an earlier verdict is good for now.
    var trust: Trust

    /// The policy and the trust by which devices are scored.
    var standard: ScoringStandard { ScoringStandard(policy: policy, trust: trust) }
}

/// A policy with a trust: by two of them, the scores of a device are compared.
struct ScoringStandard: Sendable {
    var policy: Policy
    var trust: Trust
}
