internal import DeviceIdentity
internal import PostureModel
internal import ScorerModel
internal import Scoring

/// The answers to a query, and what has to be committed before they are given.
struct QueryDecision {
    /// The answer to a row, how its device was found, and why there is none.
    struct Answer {
        let row: PostureRow
        var entry: CloudflareAnswer.Entry
        var match: RequestCounters.Match
        var reason: NoMatch?
    }

    /// The answers, in the order of the rows.
    var answers: [Answer] = []
    /// Changes of rows in use: all have to hold, or the query is decided again.
    var uses: [Commit] = []
    /// Times of last questions and lending alarms, which may fail.
    var saves: [Commit] = []
    /// Lending alarms that are new.
    var notices: [IdentityNotice] = []

    /// The answer for each `device_id`; of two for one id, in whichever forms, the lower score.
    var entries: [String: CloudflareAnswer.Entry] {
        func lower(_ one: CloudflareAnswer.Entry, _ other: CloudflareAnswer.Entry) -> CloudflareAnswer.Entry {
            one.score <= other.score ? one : other
        }
        let lowest = Dictionary(answers.map { ($0.row.idName, $0.entry) }, uniquingKeysWith: lower)
        return Dictionary(answers.map { ($0.row.deviceID, lowest[$0.row.idName] ?? $0.entry) }, uniquingKeysWith: lower)
    }
}

/// The devices that the rows of one query may mean.
struct QueryCandidates {
    private let snapshot: Snapshot
    private let context: ScoringContext
    private let rules: LinkRules
    private let liveness: Liveness
    /// The devices with their newest reports; one whose report cannot be read is left out.
    private var claimants: [DeviceID: Claimant] = [:]
    private var inputs: [DeviceID: ScoringInput] = [:]

    init(_ snapshot: Snapshot, _ context: ScoringContext, _ pollingInterval: Int64, _ liveness: Liveness) {
        (self.snapshot, self.context, self.liveness) = (snapshot, context, liveness)
        rules = context.policy.linkRules(pollingInterval: pollingInterval)
    }

    /// Adds a device that rows may mean.
    mutating func add(_ input: ScoringInput) {
        let device = input.record.device
        inputs[device] = input
        claimants[device] = Claimant(
            record: input.record,
            report: input.report.report,
            verdicts: context.policy.verdicts(of: input, trust: context.trust, at: liveness.now),
            isLive: liveness.isLive(input.receivedAt)
        )
    }

    /// Decides all rows: first the device of each, and then which row of each device gets its score.
    func decide(_ rows: [PostureRow]) -> QueryDecision {
        let matches = rows.map { row in
            match(
                row,
                byWARPID: claimants(of: Identifier(.warp, row.deviceID)),
                bySerial: claimants(of: Identifier(.serial, row.serialNumber)),
                by: rules
            )
        }
        var linked: [DeviceID: [LinkedRow]] = [:]
        for (row, match) in zip(rows, matches) {
            guard case .linked(let link) = match, let id = row.linkName else { continue }
            guard linked[link.device]?.contains(where: { $0.row == id }) != true else { continue }
            linked[link.device, default: []].append(LinkedRow(row: id, link: link))
        }
        var decision = QueryDecision()
        var inUse: [DeviceID: String] = [:]
        for (device, rows) in linked.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            inUse[device] = use(of: device, among: rows, &decision)
        }
        var scores: [DeviceID: CloudflareAnswer.Entry] = [:]
        for (row, match) in zip(rows, matches) {
            decision.answers.append(answer(row, match, inUse, &scores))
        }
        return decision
    }

    /// The row that gets a device's score, with what has to be committed for it.
    private func use(of device: DeviceID, among rows: [LinkedRow], _ decision: inout QueryDecision) -> String? {
        guard let claimant = claimants[device] else { return nil }
        let result = claimant.rowsInUse(of: rows, pollingInterval: rules.pollingInterval, liveness)
        let current = claimant.record.use
        let change = Change.use(device, result.use, insteadOf: current?.row, askedAt: current?.askedAt)
        if result.isChanged {
            decision.uses.append(Commit([change]))
        } else if result.isOverdue {
            decision.saves.append(Commit([change]))
        }
        let known = claimant.record.notices.filter { $0.kind == .lending }
        let room = max(0, IdentityNotice.limit - known.count)
        let lending = result.lending.prefix(room)
            .map { IdentityNotice(.lending, of: device, other: $0, since: liveness.now) }
            .filter { notice in !known.contains { $0.other == notice.other } }
        decision.notices += lending
        decision.saves += lending.map { Commit([.notice($0)]) }
        return result.use?.row
    }

    private func answer(
        _ row: PostureRow,
        _ match: Match,
        _ inUse: [DeviceID: String],
        _ scores: inout [DeviceID: CloudflareAnswer.Entry]
    ) -> QueryDecision.Answer {
        switch match {
        case .none(let reason):
            return .init(row: row, entry: .init(s2sID: "", score: 0, reason: reason.code), match: .none, reason: reason)
        case .linked(let link):
            guard inUse[link.device] == row.linkName else {
                let reason = NoMatch.rowInUse(link.device, row: inUse[link.device] ?? "")
                return .init(
                    row: row,
                    entry: .init(s2sID: "", score: 0, reason: .lending),
                    match: .lending,
                    reason: reason
                )
            }
            let entry = scores[link.device] ?? score(of: link.device)
            scores[link.device] = entry
            return .init(row: row, entry: entry, match: link.kind == .serial ? .serialNumber : .warpID)
        }
    }

    private func score(of device: DeviceID) -> CloudflareAnswer.Entry {
        guard let input = inputs[device] else { return .init(s2sID: "", score: 0, reason: .unknown) }
        let evaluation = context.policy.evaluate(input, trust: context.trust, at: liveness.now)
        return .init(s2sID: device.rawValue, score: evaluation.value, reason: evaluation.reasonCode)
    }

    /// The devices that claim an identifier, the strongest claim first.
    private func claimants(of identifier: Identifier?) -> [Claimant] {
        guard let identifier else { return [] }
        return snapshot.claims(to: identifier).claims.prefix(ClaimSet.limit).compactMap { claimants[$0.device] }
    }
}

extension PostureRow {
    /// The name of the row as a device's row in use has it.
    fileprivate var linkName: String? { Identifier(.warp, deviceID)?.value }

    /// The id without regard to its form; an id that names nothing as it is.
    fileprivate var idName: String { linkName ?? deviceID }
}

extension NoMatch {
    /// The main reason in a word, for Cloudflare's posture logs.
    fileprivate var code: ReasonCode {
        switch self {
        case .unknown: .unknown
        case .warpIDsUnreadable: .warpUnreadable
        case .rowInUse: .lending
        case .otherWARPIDRead: .otherWARPID
        case .noWARPClient: .noWARPClient
        case .nothingAgrees: .nothingAgrees
        case .silent: .stale
        case .serialNotReported, .serialContradicts, .carriedSerialMissing, .notCarried, .serialNeverMatches:
            .contradiction
        }
    }
}
