internal import OpenSSLBridge
internal import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import Scoring

/// Estimates the impact of a change of the policy or of the trusted CAs, page by page.
struct ImpactEstimate: Sendable {
    /// How many devices a change is tried on: those after a random id, so that no device can choose to be among them.
    static let sampleSize = 2000
    private static let pageSize = 500

    let store: any DeviceStore
    let outages: OutageTracker

    /// How many devices of a sample pass by `current`, and how many of them do not by `candidate`.
    func impact(
        of candidate: ScoringStandard,
        over current: ScoringStandard,
        at now: Timestamp
    ) async throws -> Impact {
        var impact = Impact()
        try await forEachDevice(from: current, to: candidate, at: now, limit: Self.sampleSize) { change in
            guard change.before.value >= current.policy.passMark else { return }
            impact.passing += 1
            if change.after.value < current.policy.passMark { impact.failing += 1 }
        }
        return impact
    }

    /// Scores devices by two standards, at most `limit` of them; one whose report cannot be read is left out.
    func forEachDevice(
        from current: ScoringStandard,
        to candidate: ScoringStandard,
        at now: Timestamp,
        limit: Int,
        _ body: (ScoreChange) throws -> Void
    ) async throws {
        let start = DeviceID(rawValue: Base64URL.encode(Digest.random(count: 32)))
        var (count, last, isSecondRound): (Int, DeviceID?, Bool) = (0, start, false)
        while count < limit {
            let page = try await store.records(after: last, limit: min(Self.pageSize, limit - count))
            for record in page {
                if isSecondRound, let start, record.device.rawValue > start.rawValue { return }
                guard let input = try await outages.scoringInput(record, at: now) else { continue }
                count += 1
                try body(
                    ScoreChange(
                        record: record,
                        before: current.policy.evaluate(input, trust: current.trust, at: now),
                        after: candidate.policy.evaluate(input, trust: candidate.trust, at: now)
                    )
                )
            }
            last = page.last?.device
            guard last == nil else { continue }
            if isSecondRound { break }
            isSecondRound = true
        }
    }
}

/// A device's evaluation by what is in force, and by what would be.
struct ScoreChange: Sendable {
    /// The device.
    let record: DeviceRecord
    /// By what is in force.
    let before: Evaluation
    /// By what would be.
    let after: Evaluation
}
