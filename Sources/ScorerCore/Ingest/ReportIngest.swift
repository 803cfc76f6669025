package import DeviceIdentity
internal import Logging
package import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import Scoring
internal import Verification

/// Takes reports: verified, decided, scored and committed, before they are answered.
package struct ReportIngest: Sendable {
    let store: any ScorerDatabase
    let intake: MessageIntake
    let changes: ChangeControl
    let devices: DeviceScores
    let outages: OutageTracker
    let receipts: ReceiptKeeper
    let journal: DeviceJournal
    let counters: RequestCounters
    let logger: Logger

    /// Takes a report and answers with the score it makes.
    package func ingest(_ bytes: [UInt8], at now: Timestamp) async throws -> ReportAnswer {
        let authentic: AuthenticMessage<Report>
        switch try await intake.report(bytes, at: now) {
        case .report(let message): authentic = message
        case .byReplacedKey(let device):
            try await raiseCloneAlarm(of: device, at: now)
            throw Problem.byReplacedKey
        }
        let context = try await changes.context(at: now)
        let report = try await intake.judge(authentic, by: context, at: now)
        let (outages, receipts) = (await outages.known, try await receipts.authority())
        let ingested: Ingested
        do {
            ingested = try await store.decide(from: Snapshot.Request(for: report)) { snapshot in
                try Self.ingest(report, over: snapshot, context, outages, receipts, at: now)
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
        return ReportAnswer(
            ingested.evaluation,
            receivedAt: now,
            policy: context.policy,
            receipt: ingested.receipt
        )
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
        var receipt: String?
    }

    /// Decides and scores a report over a snapshot: pure, as it may be decided again.
    private static func ingest(
        _ report: VerifiedReport,
        over snapshot: Snapshot,
        _ context: ScoringContext,
        _ outages: [Outage],
        _ receipts: ReceiptAuthority,
        at now: Timestamp
    ) throws -> (commit: Commit?, result: Ingested) {
        let policy = context.policy
        var decision = try decide(
            report,
            over: snapshot,
            by: policy.linkRules(pollingInterval: 0),
            receipt: { receipts.receipt(of: report.report.device, number: $0) },
            Liveness(at: now, staleAfter: policy.freshness.staleAfter, outages: outages)
        )
        let isFirst = snapshot.records[report.report.device]?.hasReported != true
        let (evaluation, failingSince) = policy.evaluate(
            newReport: ScoringInput(decision.record, report: report, receivedAt: now, age: 0, outages: outages),
            isFirst: isFirst,
            trust: context.trust,
            at: now
        )
        decision.record.failingSince = failingSince
        return (
            Commit(decision.changes(names: DeviceName.all(of: report.report))),
            Ingested(
                evaluation: evaluation,
                events: decision.events,
                receipt: decision.record.continuity?.answered.text
            )
        )
    }

    /// Raises the clone alarm of a device whose replaced key signed.
    private func raiseCloneAlarm(of device: DeviceID, at now: Timestamp) async throws {
        let notice = try await store.decide(from: .init(devices: [device])) { snapshot in
            guard let record = snapshot.records[device], record.cloneAlarmSince == nil else {
                return (nil, nil as IdentityNotice?)
            }
            let notice = record.copiedKey(at: now)
            return (Commit([.device(record), .notice(notice)]), notice)
        }
        guard let notice else { return }
        var events = IdentityEvents()
        events.notices = [notice]
        await tell(events, of: device, at: now)
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
        await counters.count(events.notices)
        journal.tell(events, of: device, at: now)
    }
}

extension ReportAnswer {
    /// Creates the answer to a device.
    init(_ evaluation: Evaluation, receivedAt: Timestamp, policy: Policy, receipt: String? = nil) {
        self.init(
            device: evaluation.device,
            score: evaluation.score,
            receivedAt: receivedAt,
            nextReportIn: policy.reportInterval,
            receipt: receipt
        )
    }
}
