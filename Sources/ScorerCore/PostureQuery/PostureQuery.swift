package import DeviceIdentity
internal import Logging
internal import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import Scoring

/// What Cloudflare asks.
extension Scorer {
    /// The score of every device that Cloudflare asks about.
    ///
    /// What is not known, or not for sure, scores 0.
    ///
    /// - Throws: ``Problem/Kind/unavailable`` for one report interval after an outage: what Cloudflare has stays in force
    ///   until agents had the time to report.
    package func evaluate(_ asked: [AskedDevice]) async throws -> [String: CloudflareAnswer.Entry] {
        let now = now()
        let context = try await scoringContext(at: now)
        if !asked.isEmpty,
            let end = await outageTracker.gracePeriodEnd(reportInterval: context.policy.reportInterval, at: now)
        {
            throw Problem(
                .unavailable,
                "this scorer was not receiving for a while, and gives agents the time to report until \(end)"
            )
        }
        let identifiers = asked.flatMap { row in
            [Identifier(.warp, row.deviceID), Identifier(.serial, row.serialNumber)].compactMap { $0 }
        }
        let reports = try await store.reports(claiming: Set(identifiers))
        var result: [String: CloudflareAnswer.Entry] = [:]
        for row in asked { result[row.deviceID] = await entry(for: row, among: reports, context, at: now) }
        return result
    }

    private func entry(
        for row: AskedDevice,
        among reports: [Identifier: [StoredReport]],
        _ context: ScoringContext,
        at now: Timestamp
    ) async -> CloudflareAnswer.Entry {
        let byWARP = Identifier(.warp, row.deviceID).flatMap { reports[$0] } ?? []
        let bySerial = Identifier(.serial, row.serialNumber).flatMap { reports[$0] } ?? []
        let match = match(
            row,
            byWARPID: byWARP.map(Known.init),
            bySerial: bySerial.map(Known.init),
            serialContradicts: context.policy.matching.serialContradicts
        )
        switch match {
        case .byWARPID:
            await counters.count(.warpID)
            return await entry(of: byWARP.first, limit: 100, context, at: now)
        case .bySerial(_, let isCorroborated):
            await counters.count(.serialNumber)
            let limit = context.policy.matching.limit(isCorroborated: isCorroborated)
            return await entry(of: limit > 0 ? bySerial.first : nil, limit: limit, context, at: now)
        case .none(let problem):
            await counters.count(.none)
            await unmatched.add(row, problem.reason, at: now)
            logger.debug(
                "no match",
                metadata: ["warp.device": "\(row.deviceID.printable(limit: 128))", "reason": "\(problem.reason)"]
            )
            return .init(s2sID: "", score: 0, reason: problem == .unknown ? .unknown : .contradiction)
        }
    }

    private func entry(
        of stored: StoredReport?,
        limit: Int,
        _ context: ScoringContext,
        at now: Timestamp
    ) async -> CloudflareAnswer.Entry {
        guard let stored else { return .init(s2sID: "", score: 0, reason: .capped) }
        let evidence = await evidence(stored, at: now)
        let score = context.policy.score(evidence, trust: context.trust, at: now)
        let isCapped = score.value > limit
        return .init(
            s2sID: stored.report.report.device.rawValue,
            score: min(score.value, limit),
            reason: isCapped
                ? .capped : ReasonCode(score, stored, isStale: evidence.age >= context.policy.freshness.nothingAfter)
        )
    }
}

extension ReasonCode {
    /// The main reason for a score that is not full.
    fileprivate init?(_ score: Score, _ stored: StoredReport, isStale: Bool) {
        if stored.standing.block != nil {
            self = .blocked
        } else if stored.standing.clonedAt != nil {
            self = .clone
        } else if isStale {
            self = .stale
        } else if let rule = score.rules.first(where: { !$0.isWarning && !$0.outcome.counts })?.rule {
            self = rule.hasPrefix("certificate_") ? .certificate : rule == "report_fresh" ? .stale : .policy
        } else {
            return nil
        }
    }
}
