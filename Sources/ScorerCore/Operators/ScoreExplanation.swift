package import PostureModel
package import ScorerModel

/// Why a device has its score at a moment.
package struct ScoreExplanation: Sendable {
    package let device: DeviceSummary
    /// The answer that the device itself gets.
    package let answer: ReportAnswer
    /// What the device claims, with the holders.
    package let identifiers: [HeldIdentifier]
    /// The changes that wait for approval: a running scorer may have another policy than the configuration.
    package let pendingChanges: [PendingChange]
}
