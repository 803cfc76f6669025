package import Scoring
package import Verification

/// What a score is made by at one moment, besides the device's record.
package struct ScoringContext: Sendable {
    /// The policy in force.
    package var policy: Policy
    /// What a certificate that is shown now has to meet, by the check's id.
    package var requirements: [String: CertificateRequirements]
    /// What an earlier verdict is good for now.
    package var trust: Trust

    /// What devices are scored by.
    var standard: ScoringStandard { ScoringStandard(policy: policy, trust: trust) }
}

/// A policy with a trust: by two of them, the scores of a device are compared.
package struct ScoringStandard: Sendable {
    var policy: Policy
    var trust: Trust
}
