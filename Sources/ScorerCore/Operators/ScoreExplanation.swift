package import PostureModel
package import ScorerModel

/// Why a device has its score at a moment.
package struct ScoreExplanation: Sendable {
    package let device: DeviceSummary
    /// What the device itself is answered.
    package let answer: ReportAnswer
    /// What the device claims, with who holds it.
    package let claims: [DeviceRecord.HeldClaim]
    /// The changes that wait for approval: a running scorer may have another policy than the configuration.
    package let pendingChanges: [PendingChange]
}
