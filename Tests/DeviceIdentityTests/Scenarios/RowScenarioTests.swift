import PostureModel
import ScorerModel
import TestSupport
import Testing

@testable import DeviceIdentity
@testable import Scoring

@Suite("Scenarios of rows, by the standard policy")
struct RowScenarioTests {
    let scenario = Scenario()

    @Test("1: a WARP client is reset: 0 until the next report, then the new id passes and the old one is 0")
    func reset() {
        let (old, new) = (PostureRow.machine(1), PostureRow.machine(1, id: "new"))
        #expect(scenario.passes(old) && !scenario.passes(new))
        #expect(scenario.reason(new) == .otherWARPIDRead(scenario.device(1)))
        var draft = scenario.own(1)
        draft.warp = .read(["new"])
        scenario.report(draft)
        #expect(scenario.passes(new) && !scenario.passes(old))
    }

    @Test("2: after a reboot WARP's service starts late", arguments: [(300, true), (3660, false)])
    func late(seconds: Int64, isRead: Bool) {
        var draft = scenario.own(1)
        draft.warp = .read(["warp-1"], secondsAgo: seconds)
        scenario.report(draft)
        #expect(scenario.passes(.machine(1)), "the serial number and the virtual IPv4 are enough")
        var row = PostureRow.machine(1)
        row.virtualIPv4 = ""
        #expect(scenario.passes(row) == isRead)
        #expect(scenario.reason(row) == (isRead ? nil : .warpIDsUnreadable(scenario.device(1))))
    }

    @Test(
        "3: a thief of a server's device key reports once with his laptop's id: he has nothing from the owner's next report on",
        arguments: [Draft.WARP.noClient, .cannotTell]
    )
    func thief(warp: Draft.WARP) {
        var server = scenario.own(1)
        server.warp = warp
        scenario.report(server)
        let kept = scenario.world.records[scenario.device(1)]?.continuity?.answered.text
        var stolen = server
        stolen.warp = .read(["thief"])
        scenario.report(stolen)
        scenario.report(server, receipt: .some(kept))
        var row = PostureRow.machine(1, id: "thief")
        row.virtualIPv4 = "100.96.0.99"
        #expect(!scenario.passes(row) && scenario.world.query(row).device == nil)
        scenario.world.resolve(1)
        #expect(scenario.world.query(row).device == nil)
        scenario.world.clear(1)
        #expect(!scenario.passes(row) && scenario.world.query(row).device == nil)
    }

    @Test(
        "4: eight reported ids, serial numbers forged, in two requests at once: one row scores, with the lending alarm"
    )
    func lending() {
        var lender = scenario.own(1)
        lender.warp = .read((1...8).map { "lent-\($0)" })
        scenario.report(lender)
        let rows = (1...8).map { PostureRow.machine(1, id: "lent-\($0)") }
        let (first, second) = (Array(rows[..<4]), Array(rows[4...]))
        let plans = (scenario.world.plan(first), scenario.world.plan(second))
        let answers = scenario.world.commit(plans.1, of: second) + scenario.world.commit(plans.0, of: first)
        #expect(answers.count { $0.score > 0 } == 1)
        #expect(scenario.notices(1) == Array(repeating: .lending, count: 7))
    }

    @Test(
        "5: a machine that is not enrolled asks with an id that is reported for it, everything forged, and passes: a risk"
    )
    func lent() {
        var lender = scenario.own(1)
        lender.warp = .read(["stranger"])
        scenario.report(lender)
        #expect(scenario.passes(.machine(1, id: "stranger")) && scenario.notices(1) == [])
        scenario.world.policy.matching.warpMatch = .carried
        #expect(scenario.reason(.machine(1, id: "stranger")) == .notCarried(scenario.device(1)))
    }

    @Test("6: of the device's and the registration's id the one passes that is asked by, and of both the first")
    func registrations() {
        var draft = scenario.own(1)
        draft.warp = .read(["device", "registration"])
        scenario.report(draft)
        #expect(scenario.passes(.machine(1, id: "registration")) && scenario.notices(1) == [])
        let rows = [PostureRow.machine(1, id: "registration"), .machine(1, id: "device")]
        #expect(scenario.world.query(rows).map { $0.score > 0 } == [true, false])
        #expect(scenario.notices(1) == [.lending])
    }

    @Test("7: a second user of a laptop registers WARP anew: the new id passes, the old one is 0, without an alarm")
    func shared() {
        #expect(scenario.passes(.machine(1)))
        var draft = scenario.own(1)
        draft.warp = .read(["user-b"])
        scenario.report(draft)
        #expect(
            scenario.passes(.machine(1, id: "user-b")) && !scenario.passes(.machine(1)) && scenario.notices(1) == []
        )
    }

    @Test(
        "8: the row of the other system on the same machine is 0",
        arguments: [Draft.WARP.read(["warp-1"]), .cannotTell]
    )
    func dualBoot(warp: Draft.WARP) {
        var draft = scenario.own(1)
        draft.warp = warp
        scenario.report(draft)
        var row = PostureRow.machine(1, id: "windows")
        row.virtualIPv4 = "100.96.0.77"
        #expect(!scenario.passes(row) && scenario.notices(1) == [])
    }

    @Test("9: rows of other systems and blank ones are unmatched, without an alarm")
    func blank() {
        for row in [
            PostureRow(deviceID: "mac", serialNumber: "C02FAKE", macAddress: "3c:22:fb:00:00:01", hostname: "mac"),
            PostureRow(deviceID: "phone"), PostureRow(deviceID: ""), PostureRow(deviceID: " "),
        ] {
            #expect(scenario.reason(row) == .unknown)
        }
        #expect(scenario.world.notices.isEmpty)
    }

    @Test(
        "10: a server without a WARP client is no laptop that sends its serial number, MAC and host name",
        arguments: [LinkRules.SerialMatch.corroborated, .trusting, .never]
    )
    func server(serialMatch: LinkRules.SerialMatch) {
        scenario.world.policy.matching.serialMatch = serialMatch
        var draft = scenario.own(1)
        draft.warp = .noClient
        scenario.report(draft)
        #expect(scenario.reason(.machine(1, id: "laptop")) == .noWARPClient(scenario.device(1)))
    }

    @Test("11: a fleet that cannot tell its ids passes by its tunnel's IPv4, or once the ids are imported")
    func unreadable() {
        var draft = scenario.own(1)
        draft.warp = .cannotTell
        scenario.report(draft)
        #expect(scenario.passes(.machine(1)))
        draft.ipv4 = Pool.sharedIPv4
        scenario.report(draft)
        var row = PostureRow.machine(1)
        row.virtualIPv4 = Pool.sharedIPv4
        #expect(!scenario.passes(row) && scenario.reason(row) == .warpIDsUnreadable(scenario.device(1)))
        scenario.world.assign(1, .warp, "warp-1", force: false)
        #expect(scenario.passes(row))
    }

    @Test("18: with a new mainboard and the old serial number in the row, it passes if the id is carried or assigned")
    func mainboard() {
        var draft = scenario.own(1)
        draft.serial = "PF0FAKE8"
        scenario.report(draft)
        #expect(scenario.reason(.machine(1)) == .serialContradicts(scenario.device(1)))
        draft.certificate?.warp = "warp-1"
        scenario.report(draft)
        #expect(scenario.passes(.machine(1)))
        draft.certificate?.warp = nil
        scenario.report(draft)
        scenario.world.assign(1, .warp, "warp-1")
        #expect(scenario.passes(.machine(1)))
    }
}
