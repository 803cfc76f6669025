package import PostureModel
package import ScorerModel
internal import ScorerStore

/// Why a device has its score at a moment.
package struct ScoreExplanation: Sendable {
    package let device: DeviceSummary
    /// What the device itself is answered.
    package let answer: ReportAnswer
    /// What the device claims.
    package let claims: [HeldClaim]
    /// The changes that wait for approval: a running scorer may have another policy than the configuration.
    package let pendingChanges: [PendingChange]
}

extension Scorer {
    /// Explains the score that a device has at `time`, or now.
    ///
    /// - Throws: ``OperatorError`` as ``OperatorCommands/findDevice(_:)``, and if the device has not reported.
    package func explainScore(of text: String, at time: Timestamp?, now: Timestamp) async throws -> ScoreExplanation {
        try await outageTracker.refresh()
        let commands = OperatorCommands(store: store, actor: "", logger: logger, at: now)
        let device = try await commands.findDevice(text)
        guard let scored = try await scoredDevice(device.device, at: time ?? now) else {
            throw OperatorError(.notFound, "the device \(device.device) has not reported yet")
        }
        return ScoreExplanation(
            device: device,
            answer: scored.answer,
            claims: try await store.claims(of: device.device),
            pendingChanges: try await commands.pendingChanges()
        )
    }
}
