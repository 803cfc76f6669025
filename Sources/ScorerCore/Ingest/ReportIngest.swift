internal import Logging
internal import OpenSSLBridge
package import PostureModel
package import ScorerModel
internal import ScorerStore
internal import Scoring
internal import Verification

/// Reports, and the records that devices ask for.
extension Scorer {
    /// Takes a report and answers with the score it makes.
    package func ingest(report bytes: [UInt8]) async throws -> ReportAnswer {
        let now = now()
        let (message, nonce, key) = try await open(bytes, at: now)
        let verifier = verifier
        let authentic = try await desk.run(.arrival) {
            try verifier.authenticReport(message, key: PublicKey(key), nonce: nonce)
        }
        try admit(authentic.device, nonce, at: now)
        let context = try await scoringContext(at: now)
        let judge = judge
        let report = try await desk.run(.report) { judge.report(authentic, checks: context.requirements, at: now) }
        let outcome = try await store.accept(report, receivedAt: now) { standing in
            let stored = StoredReport(report: report, receivedAt: now, standing: standing)
            return context.policy.failing(Evidence(stored, age: 0), trust: context.trust, at: now)
        }
        let stored: StoredReport
        switch outcome {
        case .accepted(let standing, let change):
            await tell(change, of: report.report.device, at: now)
            stored = StoredReport(report: report, receivedAt: now, standing: standing)
        case .stale: throw Problem(.badNonce, "a report with this nonce, or a newer one, was accepted already")
        case .unknownDevice: throw Self.unknownDevice
        }
        let answer = await answer(to: stored, context, at: now)
        logger.debug(
            "report accepted",
            metadata: [
                "device": "\(answer.device)", "score": "\(answer.score.value)",
            ]
        )
        return answer
    }

    /// A device's own score and reasons.
    package func ingest(ownRecord bytes: [UInt8]) async throws -> ReportAnswer {
        let now = now()
        let (message, nonce, key) = try await open(bytes, at: now)
        let verifier = verifier
        let device = try await desk.run(.arrival) {
            try verifier.ownRecord(message, key: PublicKey(key), nonce: nonce)
        }
        try admit(device, nonce, at: now)
        guard let record = try await scoredDevice(device) else {
            throw Problem(.notFound, "the device has not reported yet")
        }
        return record.answer
    }

    /// Tells operators what a report changed for others.
    package func tell(_ change: BindingChange, of device: DeviceID, at now: Timestamp) async {
        if !change.refused.isEmpty { await counters.count(RequestCounters.Conflict.refused) }
        if !change.taken.isEmpty { await counters.count(RequestCounters.Conflict.taken) }
        if change.isClone { await counters.countCloneAlarm() }
        func say(_ text: Logger.Message, _ identifiers: [Identifier]) {
            guard !identifiers.isEmpty else { return }
            let list = identifiers.map { "\($0.kind) \($0.value)" }.joined(separator: ", ")
            journal.warn(text, of: device, ["claims": "\(list)"], at: now)
        }
        say("a device claims an identifier that another device holds: posture-scorer conflicts list", change.refused)
        say(
            "a device has a stronger claim and takes over an identifier: posture-scorer conflicts list",
            change.taken
        )
        if change.isClone {
            journal.warn(
                "two machines report with one device key, which scores 0 now: posture-scorer clones list",
                of: device,
                at: now
            )
        }
    }
}
