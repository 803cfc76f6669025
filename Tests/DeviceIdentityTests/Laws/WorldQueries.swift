import PostureModel
import ScorerModel

@testable import DeviceIdentity
@testable import Scoring

/// The answer to one row.
struct Answer: Equatable {
    let row: PostureRow
    /// The link that counts; nil if there is none.
    var link: Link?
    /// Whether the row is the one in use.
    var isInUse = false
    var score = 0
    var reason: NoMatch?

    /// The device that the row is linked to.
    var device: DeviceID? { link?.device }
    /// The device whose score the row gets.
    var scored: DeviceID? { isInUse ? device : nil }
}

/// A query that is decided, and not committed.
struct QueryPlan {
    var answers: [Answer] = []
    var uses: [Change] = []
    var saves: [Change] = []
}

/// What Cloudflare does.
extension World {
    /// Answers a query; one that another query was ahead of is decided again.
    @discardableResult
    mutating func query(_ rows: [PostureRow]) -> [Answer] { commit(plan(rows), of: rows) }

    /// Answers the row of one id.
    @discardableResult
    mutating func query(_ row: PostureRow) -> Answer { query([row])[0] }

    /// Commits a plan, which was perhaps made over an older snapshot.
    mutating func commit(_ plan: QueryPlan, of rows: [PostureRow]) -> [Answer] {
        guard plan.uses.isEmpty || apply(plan.uses) == .committed else { return query(rows) }
        for save in plan.saves { apply([save]) }
        return plan.answers
    }

    /// Decides a query over a snapshot of now.
    func plan(_ rows: [PostureRow]) -> QueryPlan {
        let snapshot = snapshot
        let inputs = snapshot.records.compactMapValues(input)
        let claimants = inputs.mapValues { input in
            Claimant(
                record: input.record,
                report: input.report.report,
                verdicts: policy.verdicts(of: input, trust: trust, at: now),
                isLive: liveness.isLive(input.receivedAt)
            )
        }
        func claiming(_ identifier: Identifier?) -> [Claimant] {
            identifier.map { snapshot.claims(to: $0).claims.compactMap { claimants[$0.device] } } ?? []
        }
        var plan = QueryPlan()
        var linked: [DeviceID: [LinkedRow]] = [:]
        for row in rows {
            let byID = claiming(Identifier(.warp, row.deviceID))
            let bySerial = claiming(Identifier(.serial, row.serialNumber))
            switch match(row, byWARPID: byID, bySerial: bySerial, by: rules) {
            case .linked(let link):
                plan.answers.append(Answer(row: row, link: link))
                let id = row.deviceID.lowercased()
                guard linked[link.device]?.contains(where: { $0.row == id }) != true else { continue }
                linked[link.device, default: []].append(LinkedRow(row: id, link: link))
            case .none(let reason): plan.answers.append(Answer(row: row, reason: reason))
            }
        }
        var inUse: [DeviceID: String] = [:]
        for (device, rows) in linked {
            guard let claimant = claimants[device] else { continue }
            let result = claimant.rowsInUse(of: rows, pollingInterval: pollingInterval, liveness)
            let current = claimant.record.use
            let change = Change.use(device, result.use, insteadOf: current?.row, askedAt: current?.askedAt)
            if result.isChanged { plan.uses.append(change) } else if result.isOverdue { plan.saves.append(change) }
            plan.saves += result.lending.map { .notice(IdentityNotice(.lending, of: device, other: $0, since: now)) }
            inUse[device] = result.use?.row
        }
        for (index, answer) in plan.answers.enumerated() {
            guard let device = answer.device, let input = inputs[device], let use = inUse[device] else { continue }
            guard use == answer.row.deviceID.lowercased() else {
                plan.answers[index].reason = .rowInUse(device, row: use)
                continue
            }
            plan.answers[index].isInUse = true
            plan.answers[index].score = policy.evaluate(input, trust: trust, at: now).value
        }
        return plan
    }
}
