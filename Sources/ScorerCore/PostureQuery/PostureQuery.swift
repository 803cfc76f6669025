package import DeviceIdentity
internal import Logging
package import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import Scoring

/// Answers Cloudflare's posture queries.
package struct PostureQuery: Sendable {
    let store: any ScorerDatabase
    let changes: ChangeControl
    let outages: OutageTracker
    let journal: DeviceJournal
    let counters: RequestCounters
    let logger: Logger
    /// Seconds from one query of Cloudflare's to the next.
    let pollingInterval: Int64
    /// The rows that matched no device, on their way to the store.
    package let unmatched = UnmatchedDevices()

    /// How often a query is decided again because another one changed a row in use meanwhile.
    private static let attempts = 8

    /// The score of every device that Cloudflare asks about; a row that matches no device, or whose device's score is given to
    /// another row, scores 0.
    ///
    /// A changed use of a row is durable before the row is answered.
    ///
    /// - Throws: ``Problem/Kind/unavailable`` for one report interval after an outage: what Cloudflare has stays in force
    ///   until agents had the time to report.
    package func answer(_ rows: [PostureRow], at now: Timestamp) async throws -> [String: CloudflareAnswer.Entry] {
        let context = try await changes.context(at: now)
        if !rows.isEmpty,
            let end = await outages.gracePeriodEnd(reportInterval: context.policy.reportInterval, at: now)
        {
            throw Problem(
                .unavailable,
                "this scorer was not receiving for a while, and gives agents the time to report until \(end)"
            )
        }
        for attempt in 0..<Self.attempts {
            if attempt > 0 { try await Task.sleep(for: .milliseconds(Int64.random(in: 0...(1 << attempt)))) }
            let decision = try await decide(rows, by: context, at: now)
            guard try await commit(decision) else { continue }
            await tell(decision, at: now)
            return decision.entries
        }
        throw Problem(.unavailable, "several queries ask about the same devices at once: ask again")
    }

    /// Decides a query over a snapshot of the devices that its rows may mean.
    private func decide(
        _ rows: [PostureRow],
        by context: ScoringContext,
        at now: Timestamp
    ) async throws -> QueryDecision {
        let identifiers = rows.flatMap { [Identifier(.warp, $0.deviceID), Identifier(.serial, $0.serialNumber)] }
        let snapshot = try await store.load(
            .init(identifiers: Set(identifiers.compactMap(\.self)), claimants: ClaimSet.limit)
        )
        let liveness = await outages.liveness(staleAfter: context.policy.freshness.staleAfter, at: now)
        var candidates = QueryCandidates(snapshot, context, pollingInterval, liveness)
        for record in snapshot.records.values {
            if let input = try await outages.scoringInput(record, at: now) { candidates.add(input) }
        }
        return candidates.decide(rows)
    }

    /// Commits the changed uses of rows.
    ///
    /// - Returns: whether all of them hold; if not, another query was first.
    private func commit(_ decision: QueryDecision) async throws -> Bool {
        guard !decision.uses.isEmpty || !decision.saves.isEmpty else { return true }
        let outcomes = try await store.commit(decision.uses + decision.saves)
        return outcomes.prefix(decision.uses.count).allSatisfy { $0 == .committed }
    }

    /// Tells counters, the journal and the list of unmatched rows what the query came to.
    private func tell(_ decision: QueryDecision, at now: Timestamp) async {
        await counters.count(decision.answers.map(\.match))
        await counters.count(decision.notices)
        for notice in decision.notices { journal.tell(notice, at: now) }
        await unmatched.add(
            decision.answers.compactMap { answer in answer.reason.map { (answer.row, $0.reason) } },
            matched: decision.answers.filter { $0.reason == nil }.map(\.row.deviceID),
            at: now
        )
        for answer in decision.answers {
            guard let reason = answer.reason else { continue }
            logger.debug(
                "no match",
                metadata: [
                    "warp.device": "\(answer.row.deviceID.printable(limit: 128))", "reason": "\(reason.reason)",
                ]
            )
        }
    }
}
