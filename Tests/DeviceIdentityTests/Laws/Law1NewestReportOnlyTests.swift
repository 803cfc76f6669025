import PostureModel
import ScorerModel
import TestSupport
import Testing

@testable import DeviceIdentity
@testable import Scoring

@Suite("Law 1: a row is linked only through the newest report, or by an operator's word")
struct Law1NewestReportOnlyTests {
    /// Whether the newest report of a device carries an identifier of the row, or an operator or the inventory gives it.
    ///
    /// An agent that reads other ids is believed more than both.
    private func isCarried(_ row: PostureRow, by device: Int, _ world: World) -> Bool {
        guard let draft = world.drafts[device] else { return false }
        let id = Identifier(stored: .warp, row.deviceID.lowercased())
        if draft.ids.contains(id.value) { return true }
        let isGiven = world.assigned[device]?.contains(id) == true || world.founded(device)[id] == 3
        if isGiven, draft.reading != .read { return true }
        guard draft.reading == .cannotTell, let serial = row.goodSerial else { return false }
        return draft.goodSerial == serial
            || world.assigned[device]?.contains(Identifier(stored: .serial, serial)) == true
    }

    @Test("in every history", arguments: Pool.seeds)
    func history(seed: UInt64) throws {
        var history = History(seed: seed)
        for step in 1...300 {
            guard case .query(_, let answers) = history.step() else { continue }
            for answer in answers {
                guard let device = answer.device else { continue }
                let carriers = (1...History.machines).filter { isCarried(answer.row, by: $0, history.world) }
                let isGiven = carriers.contains { SampleDevice.id($0) == device }
                try #require(isGiven, "seed \(seed), step \(step): \(answer)")
            }
        }
    }

    @Test("so that an id which only one machine reads is its own, whatever it said before", arguments: Pool.seeds)
    func reads(seed: UInt64) throws {
        var history = History(seed: seed)
        history.world.policy.matching.warpMatch = .reported
        for step in 1...150 {
            _ = history.step()
            let number = Int.random(in: 1...History.machines, using: &history.generator)
            var world = history.world
            guard world.record(number)?.retiredAt == nil else { continue }
            // A new client: nobody else ever had this id.
            var draft = Draft.machine(number)
            draft.warp = .read(["new"])
            world.report(draft)
            var row = PostureRow.machine(number)
            (row.deviceID, row.serialNumber) = ("NEW", "")
            let id = SampleDevice.id(number)
            try #require(world.plan([row]).answers[0].device == id, "seed \(seed), step \(step)")
            // A later report takes the link with it, whatever it says.
            let says = Int.random(in: 0..<3, using: &history.generator)
            draft.warp = [.noClient, .cannotTell, .read(["other"])][says]
            world.report(draft)
            row.virtualIPv4 = ""
            world.policy.matching.serialMatch = .corroborated
            try #require(world.plan([row]).answers[0].device == nil, "seed \(seed), step \(step)")
        }
    }

    @Test("which may repeat for an hour what it read itself", arguments: [(3600, true), (3601, false), (-1, false)])
    func hour(seconds: Int64, counts: Bool) {
        var world = World()
        var draft = Draft.machine(1)
        draft.warp = .read(["warp-1"], secondsAgo: seconds)
        world.report(draft)
        var row = PostureRow.machine(1)
        row.virtualIPv4 = ""
        #expect(world.query(row).device == (counts ? SampleDevice.id(1) : nil))
    }

    @Test(
        "also of a device that an operator assigned the id, or the inventory expects it of, while it reads another one",
        arguments: [true, false]
    )
    func given(isAssigned: Bool) {
        var world = World()
        var draft = Draft.machine(1, certificate: Certificate(key: "k", number: "1"))
        if isAssigned {
            world.assign(1, .warp, "warp-9")
        } else {
            world.inventory["pf0fake1"] = InventoryItem(
                serial: "pf0fake1",
                certificateName: "machine",
                tag: nil,
                warpID: "warp-9"
            )
            world.report(draft)
        }
        var row = PostureRow.machine(1)
        row.deviceID = "warp-9"
        for (warp, counts) in [
            (.noClient, true), (.cannotTell, true), (.read(["warp-1"]), false), (.read(["warp-9"]), true),
            (.read(["warp-1", "WARP-9"]), true), (.read([]), false),
        ] as [(Draft.WARP, Bool)] {
            draft.warp = warp
            world.report(draft)
            #expect(world.query(row).device == (counts ? SampleDevice.id(1) : nil), "\(warp)")
        }
    }

    @Test("and resolving a conflict or clearing an alarm adds nothing that the report lacks", arguments: Pool.seeds)
    func resolving(seed: UInt64) throws {
        var history = History(seed: seed)
        for step in 1...200 {
            _ = history.step()
            let number = Int.random(in: 1...History.machines, using: &history.generator)
            let before = history.world
            history.world.resolve(number)
            let carried = before.drafts[number]?.identifiers ?? []
            let added = (history.world.assigned[number] ?? []).subtracting(before.assigned[number] ?? [])
            let isCarried = added.allSatisfy { $0.kind == .key || carried.contains($0) }
            try #require(isCarried, "seed \(seed), step \(step): \(added)")
            history.world = before
            history.world.clear(number)
            let rows = (1...History.machines).map(PostureRow.machine)
            let devices = history.world.plan(rows).answers.map(\.device)
            try #require(devices == before.plan(rows).answers.map(\.device), "seed \(seed), step \(step)")
        }
    }
}
