package import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import Scoring

/// Says what a device scores, and why.
package struct DeviceScores: Sendable {
    let store: any ScorerDatabase
    let changes: ChangeControl
    let outages: OutageTracker

    /// A device's score, reasons and verdicts at a moment; nil if it is not known or has not reported.
    package func scoredDevice(_ device: DeviceID, at now: Timestamp) async throws -> ScoredDevice? {
        guard let record = try await store.record(of: device) else { return nil }
        return try await scored(record, at: now)
    }

    /// The score of a record at a moment; nil if the device has not reported.
    func scored(_ record: DeviceRecord, at now: Timestamp) async throws -> ScoredDevice? {
        guard let input = try await outages.scoringInput(record, at: now) else { return nil }
        let context = try await changes.context(at: now)
        let evaluation = context.policy.evaluate(input, trust: context.trust, at: now)
        return ScoredDevice(
            answer: ReportAnswer(evaluation, receivedAt: input.receivedAt, policy: context.policy),
            checks: context.policy.verdicts(of: input, trust: context.trust, at: now)
        )
    }

    /// Explains the score that a device has at a moment.
    ///
    /// - Throws: ``OperatorError`` as ``OperatorCommands/findDevice(_:)``, and if the device has not reported.
    package func explain(_ text: String, at time: Timestamp, as operators: OperatorCommands) async throws
        -> ScoreExplanation
    {
        try await outages.refresh()
        let device = try await operators.findDevice(text)
        guard let record = try await store.record(of: device.device), let scored = try await scored(record, at: time)
        else {
            throw OperatorError(.notFound, "the device \(device.device) has not reported yet")
        }
        return ScoreExplanation(
            device: device,
            answer: scored.answer,
            identifiers: try await operators.identifiers(of: record),
            pendingChanges: try await operators.pendingChanges()
        )
    }
}

extension OutageTracker {
    /// What a record is scored from at a moment; nil if the device has not reported, or its report cannot be read any more.
    ///
    /// The report is decoded outside of the tracker: others ask it meanwhile.
    nonisolated func scoringInput(_ record: DeviceRecord, at now: Timestamp) async throws -> ScoringInput? {
        guard let newest = record.newest else { return nil }
        let outages = await known
        let age = Liveness(at: now, staleAfter: .max, outages: outages).age(of: newest.receivedAt)
        return try? ScoringInput(record, age: age, outages: outages)
    }
}
