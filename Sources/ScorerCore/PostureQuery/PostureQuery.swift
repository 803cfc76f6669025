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
    let counters: RequestCounters
    let logger: Logger
    /// The rows that matched no device, on their way to the store.
    package let unmatched = UnmatchedDevices()

    /// How many claimants of an identifier are looked at: its holder, and those that may be meant in its place.
    private static let claimants = 4

    /// The score of every device that Cloudflare asks about; a row that matches no device, or none for sure, scores 0.
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
        let identifiers = rows.flatMap { [$0.warpID, $0.serial].compactMap { $0 } }
        let snapshot = try await store.load(.init(identifiers: Set(identifiers), claimants: Self.claimants))
        var candidates = Candidates(snapshot: snapshot, limit: Self.claimants)
        for (device, record) in snapshot.records {
            candidates.inputs[device] = try await outages.scoringInput(record, at: now)
        }
        let answers = rows.map { (row: $0, answer: candidates.answer($0, by: context, at: now)) }
        await counters.count(answers.map(\.answer.match))
        await unmatched.add(answers.compactMap { row, answer in answer.reason.map { (row, $0.reason) } }, at: now)
        for (row, answer) in answers {
            guard let reason = answer.reason else { continue }
            logger.debug(
                "no match",
                metadata: ["warp.device": "\(row.deviceID.printable(limit: 128))", "reason": "\(reason.reason)"]
            )
        }
        return Dictionary(answers.map { ($0.row.deviceID, $0.answer.entry) }) { $1 }
    }
}

extension PostureRow {
    fileprivate var warpID: Identifier? { Identifier(.warp, deviceID) }
    fileprivate var serial: Identifier? { Identifier(.serial, serialNumber) }
}

/// The devices that the rows of one query may mean.
private struct Candidates {
    let snapshot: Snapshot
    let limit: Int
    /// The scoring input of each; a device whose report cannot be read is left out.
    var inputs: [DeviceID: ScoringInput] = [:]

    /// The answer to a row, how its device was found, and why there is none.
    struct Answer {
        var entry: CloudflareAnswer.Entry
        var match: RequestCounters.Match
        var reason: NoMatch?
    }

    func answer(_ row: PostureRow, by context: ScoringContext, at now: Timestamp) -> Answer {
        let match = match(
            row,
            byWARPID: claimants(of: row.warpID),
            bySerial: claimants(of: row.serial),
            serialContradicts: context.policy.matching.serialContradicts
        )
        switch match {
        case .byWARPID(let device):
            return Answer(entry: entry(of: device, limit: 100, context, at: now), match: .warpID)
        case .bySerial(let device, let isCorroborated):
            let limit = context.policy.matching.limit(isCorroborated: isCorroborated)
            let entry = entry(of: limit > 0 ? device : nil, limit: limit, context, at: now)
            return Answer(entry: entry, match: .serialNumber)
        case .none(let reason):
            let code: ReasonCode = reason == .unknown ? .unknown : .contradiction
            return Answer(entry: .init(s2sID: "", score: 0, reason: code), match: .none, reason: reason)
        }
    }

    /// The devices whose claims to an identifier count, the holder first.
    private func claimants(of identifier: Identifier?) -> [Claimant] {
        guard let identifier else { return [] }
        return snapshot.claims(to: identifier).claims.filter { $0.strength > .contradicted }.prefix(limit).compactMap {
            guard let input = inputs[$0.device] else { return nil }
            return Claimant(record: input.record, report: input.report.report, claim: $0)
        }
    }

    private func entry(
        of device: DeviceID?,
        limit: Int,
        _ context: ScoringContext,
        at now: Timestamp
    ) -> CloudflareAnswer.Entry {
        guard let device, let input = inputs[device] else { return .init(s2sID: "", score: 0, reason: .capped) }
        let evaluation = context.policy.evaluate(input, trust: context.trust, at: now)
        return .init(
            s2sID: device.rawValue,
            score: min(evaluation.value, limit),
            reason: evaluation.value > limit ? .capped : evaluation.reasonCode
        )
    }
}
