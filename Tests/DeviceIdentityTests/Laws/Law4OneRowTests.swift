import PostureModel
import ScorerModel
import TestSupport
import Testing

@testable import DeviceIdentity
@testable import Scoring

@Suite("Law 4: one device, one row")
struct Law4OneRowTests {
    /// The rows that were given a device's score, by the law's own words.
    private struct Log {
        /// The row that got the score last, the strength of its link, and when.
        var last: [DeviceID: (row: String, rank: Int, at: Timestamp)] = [:]
        /// When the use passed on at once, and whether it may have lapsed then.
        var passes: [DeviceID: [(at: Timestamp, isSure: Bool)]] = [:]

        /// Takes the answers of a moment into account.
        ///
        /// - Returns: what breaks the law; nil if nothing does.
        mutating func take(_ answers: [Answer], _ world: World) -> String? {
            for (device, answers) in Dictionary(grouping: answers.filter { $0.device != nil }, by: \.device) {
                guard let device, let number = (1...9).first(where: { SampleDevice.id($0) == device }) else { continue }
                let inUse = Set(answers.filter(\.isInUse).map { $0.row.deviceID.lowercased() })
                if inUse.count > 1 { return "two rows at once: \(inUse)" }
                for answer in answers where !answer.isInUse {
                    if answer.score != 0 { return "a row that is not in use scores" }
                    let id = answer.row.deviceID.lowercased()
                    let alarms = (world.notices[device] ?? []).filter { $0.kind == .lending }.map(\.other)
                    if !alarms.contains(id) { return "no lending alarm for \(id)" }
                }
                if let problem = pass(device, number, answers, inUse.first, world) { return problem }
            }
            return nil
        }

        private mutating func pass(
            _ device: DeviceID,
            _ number: Int,
            _ answers: [Answer],
            _ row: String?,
            _ world: World
        ) -> String? {
            let best = answers.compactMap(\.link?.strength.rank).max() ?? 0
            guard let last = last[device] else {
                guard let row else { return "the first row that is asked gets nothing" }
                let rank = rank(of: row, answers)
                self.last[device] = (row, rank, world.now)
                return rank == best ? nil : "the first row in use is not the strongest"
            }
            let own = answers.first { $0.row.deviceID.lowercased() == last.row }
            let isDropped = world.drops(last.row, number)
            let silence = world.awake(since: last.at)
            let isLeft = own == nil && silence > 2 * world.pollingInterval
            let isLeftForLong = own == nil && silence > 2 * world.pollingInterval + 60
            let held = own?.link?.strength.rank ?? last.rank
            let recent = (passes[device] ?? []).filter { world.awake(since: $0.at) <= 2 * world.pollingInterval }
            let passesAtOnce = best > held || isDropped
            let passes = isLeft || passesAtOnce && recent.count(where: \.isSure) < RowUse.passLimit
            let mustPass = isLeftForLong || passesAtOnce && recent.count < RowUse.passLimit
            if let row {
                if row != last.row, !passes { return "\(row) got the use of \(last.row)" }
                let rank = rank(of: row, answers)
                if row != last.row, !isLeftForLong { self.passes[device] = recent + [(world.now, !isLeft)] }
                self.last[device] = (row, rank, world.now)
                if rank < best, mustPass { return "a weaker link has the use" }
            } else if mustPass {
                return "nobody got the use of \(last.row)"
            }
            return nil
        }

        private func rank(of row: String, _ answers: [Answer]) -> Int {
            answers.first { $0.row.deviceID.lowercased() == row }?.link?.strength.rank ?? 0
        }
    }

    /// Rows of several ids that all count for one device, as somebody who lends an identity would ask.
    private static func lend(_ history: inout History) -> Draft {
        let number = Int.random(in: 1...History.machines, using: &history.generator)
        var draft = Draft.machine(number)
        if history.generator.chance(90) { draft.warp = .read((1...3).map { "warp-\(10 * number + $0)" }) }
        if history.generator.chance(20) { draft.warp = .read(["warp-\(10 * number + 1)"]) }
        if history.generator.chance(20) { draft.warp = .cannotTell }
        if history.generator.chance(10) { draft.warp = .noClient }
        return draft
    }

    private static func rows(_ history: inout History) -> [PostureRow] {
        let number = Int.random(in: 1...History.machines, using: &history.generator)
        return (0..<Int.random(in: 1...3, using: &history.generator)).map { _ in
            var row = PostureRow.machine(number)
            if history.generator.chance(85) {
                row.deviceID = "warp-\(10 * number + Int.random(in: 1...3, using: &history.generator))"
            }
            return row
        }
    }

    @Test("in every history, whoever asks for the device's rows, in one query or in two at once", arguments: Pool.seeds)
    func history(seed: UInt64) throws {
        var (history, log) = (History(seed: seed), Log())
        history.world.policy.matching.warpMatch = .agreeing
        for step in 1...400 {
            switch Int.random(in: 0..<10, using: &history.generator) {
            case 0..<3: history.world.report(Self.lend(&history))
            case 3:
                let number = Int.random(in: 1...History.machines, using: &history.generator)
                history.world.assign(number, .warp, "warp-\(10 * number + 2)")
            case 4:
                let seconds = history.generator.one(of: [10, 50, 61, 3600, 7150, 7261] as [Int64])
                let began = history.world.now
                history.world.now = began.adding(seconds: seconds)
                if history.generator.chance(20) {
                    history.world.outages.append(Outage(began: began, ended: history.world.now))
                }
            case 5..<8:
                let answers = history.world.query(Self.rows(&history))
                let problem = log.take(answers, history.world)
                try #require(problem == nil, "seed \(seed), step \(step)")
            default:
                // Two queries over one snapshot: the second to commit is decided again if the first changed what it needs.
                let (first, second) = (Self.rows(&history), Self.rows(&history))
                let plans = (history.world.plan(first), history.world.plan(second))
                let answers = [
                    history.world.commit(plans.0, of: first), history.world.commit(plans.1, of: second),
                ]
                // One that changes nothing is as good as answered before the other.
                for answers in plans.1.uses.isEmpty ? answers.reversed() : answers {
                    let problem = log.take(answers, history.world)
                    try #require(problem == nil, "seed \(seed), step \(step)")
                }
            }
        }
    }

    private static func lender(_ ids: Int = 8) -> World {
        var world = World()
        var draft = Draft.machine(1)
        draft.warp = .read((1...ids).map { "warp-\($0)" })
        world.report(draft)
        return world
    }

    private static func row(_ id: Int) -> PostureRow {
        var row = PostureRow.machine(1)
        row.deviceID = "warp-\(id)"
        return row
    }

    @Test("the use stays for two polling intervals without a question, outages not counted")
    func silence() {
        for (seconds, outage, passes) in [(7260, 0, false), (7261, 0, true), (9060, 1800, false), (9061, 1800, true)]
            as [(Int64, Int64, Bool)]
        {
            var world = Self.lender()
            #expect(world.query(Self.row(1)).isInUse)
            let asked = world.now
            world.now = asked.adding(seconds: seconds)
            if outage > 0 { world.outages = [Outage(began: asked, ended: asked.adding(seconds: outage))] }
            #expect(world.query(Self.row(2)).isInUse == passes, "\(seconds)")
        }
    }

    @Test("the time of the last question is saved, at most once a minute")
    func askedAt() {
        var world = Self.lender()
        world.query(Self.row(1))
        let start = world.now
        for (seconds, saved) in [(59, 0), (60, 60), (61, 60), (119, 60), (120, 120)] as [(Int64, Int64)] {
            world.now = start.adding(seconds: seconds)
            #expect(world.query(Self.row(1)).isInUse)
            #expect(world.uses[SampleDevice.id(1)]?.askedAt == start.adding(seconds: saved))
        }
    }

    @Test("a link with other fields or another strength is saved at once")
    func link() {
        var world = Self.lender()
        world.query(Self.row(1))
        var row = Self.row(1)
        row.hostname = ""
        world.query(row)
        #expect(world.uses[SampleDevice.id(1)]?.agreeing == [.serial, .mac, .ipv4])
        world.assign(1, .warp, "warp-1")
        world.query(row)
        #expect(world.uses[SampleDevice.id(1)]?.strength == .assigned)
    }

    @Test("a row that comes back after the use has lapsed is as new as any other one asked at that moment")
    func lapsed() {
        var world = Self.lender()
        world.query(Self.row(1))
        world.now = world.now.adding(seconds: 7261)
        // Both are decided over one snapshot.
        let plans = (world.plan([Self.row(2)]), world.plan([Self.row(1)]))
        let answers = [world.commit(plans.0, of: [Self.row(2)])[0], world.commit(plans.1, of: [Self.row(1)])[0]]
        #expect(answers.map(\.isInUse) == [true, false])
        var other = Self.lender()
        other.query(Self.row(1))
        other.now = world.now
        let back = [other.commit(plans.1, of: [Self.row(1)])[0], other.commit(plans.0, of: [Self.row(2)])[0]]
        #expect(back.map(\.isInUse) == [true, false])
    }
}

extension World {
    /// Whether the newest report of a device shows that a row is none of its own any more.
    fileprivate func drops(_ row: String, _ number: Int) -> Bool {
        guard let draft = drafts[number] else { return true }
        let id = Identifier(stored: .warp, row)
        return switch draft.reading {
        case .read: !draft.ids.contains(row)
        case .noClient: rank(number, id) == nil
        case .cannotTell: false
        }
    }
}
