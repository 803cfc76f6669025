package import DeviceIdentity
internal import Logging
package import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import Scoring

/// Takes reports: verified, decided, scored and committed, before they are answered.
package struct ReportIngest: Sendable {
    let store: any ScorerDatabase
    let intake: MessageIntake
    let changes: ChangeControl
    let devices: DeviceScores
    let journal: DeviceJournal
    let counters: RequestCounters
    let logger: Logger

    /// Takes a report and answers with the score it makes.
    package func ingest(_ bytes: [UInt8], at now: Timestamp) async throws -> ReportAnswer {
        let authentic = try await intake.report(bytes, at: now)
        let context = try await changes.context(at: now)
        let report = try await intake.judge(authentic, by: context, at: now)
        let ingested: Ingested
        do {
            ingested = try await store.decide(from: Snapshot.Request(for: report)) { snapshot in
                try Self.ingest(report, over: snapshot, context, at: now)
            }
        } catch let refusal as IngestRefusal {
            throw Self.problem(for: refusal)
        } catch DecisionError.stale {
            throw Self.problem(for: .stale)
        }
        await tell(ingested.events, of: report.report.device, at: now)
        logger.debug(
            "report accepted",
            metadata: ["device": "\(report.report.device)", "score": "\(ingested.evaluation.value)"]
        )
        return ReportAnswer(ingested.evaluation, receivedAt: now, policy: context.policy)
    }

    /// A device's own score and reasons.
    package func ownRecord(_ bytes: [UInt8], at now: Timestamp) async throws -> ReportAnswer {
        let device = try await intake.ownRecord(bytes, at: now)
        guard let record = try await devices.scoredDevice(device, at: now) else {
            throw Problem(.notFound, "the device has not reported yet")
        }
        return record.answer
    }

    private struct Ingested: Sendable {
        var evaluation: Evaluation
        var events: IdentityEvents
    }

    /// Decides and scores a report over a snapshot: pure, as it may be decided again.
    private static func ingest(
        _ report: VerifiedReport,
        over snapshot: Snapshot,
        _ context: ScoringContext,
        at now: Timestamp
    ) throws -> (commit: Commit?, result: Ingested) {
        var decision = try decide(report, receivedAt: now, over: snapshot)
        let isFirst = snapshot.records[report.report.device]?.hasReported != true
        let (evaluation, failingSince) = context.policy.evaluate(
            newReport: ScoringInput(decision.record, report: report, receivedAt: now, age: 0),
            isFirst: isFirst,
            trust: context.trust,
            at: now
        )
        decision.record.failingSince = failingSince
        return (
            Commit(decision.changes(names: DeviceName.all(of: report.report))),
            Ingested(evaluation: evaluation, events: decision.events)
        )
    }

    private static func problem(for refusal: IngestRefusal) -> Problem {
        switch refusal {
        case .unknownDevice: MessageIntake.unknownDevice
        case .stale: Problem(.badNonce, "a report with this nonce, or a newer one, was accepted already")
        }
    }

    /// Tells operators what a report changed for others.
    package func tell(_ events: IdentityEvents, of device: DeviceID, at now: Timestamp) async {
        if !events.refused.isEmpty { await counters.count(RequestCounters.Conflict.refused) }
        if !events.taken.isEmpty { await counters.count(RequestCounters.Conflict.taken) }
        if events.isCloneAlarmRaised { await counters.countCloneAlarm() }
        func say(_ text: Logger.Message, _ identifiers: [Identifier]) {
            guard !identifiers.isEmpty else { return }
            let list = identifiers.map { "\($0.kind) \($0.value)" }.joined(separator: ", ")
            journal.warn(text, of: device, ["claims": "\(list)"], at: now)
        }
        say(
            "a device claims an identifier that another device holds: posture-scorer conflicts list",
            events.refused
        )
        say("a device has a stronger claim and takes over an identifier: posture-scorer conflicts list", events.taken)
        if events.isCloneAlarmRaised {
            journal.warn(
                "two machines report with one device key, which scores 0 now: posture-scorer clones list",
                of: device,
                at: now
            )
        }
    }
}

extension ReportAnswer {
    /// Creates the answer to a device.
    init(_ evaluation: Evaluation, receivedAt: Timestamp, policy: Policy) {
        self.init(
            device: evaluation.device,
            score: evaluation.score,
            receivedAt: receivedAt,
            nextReportIn: policy.reportInterval
        )
    }
}
