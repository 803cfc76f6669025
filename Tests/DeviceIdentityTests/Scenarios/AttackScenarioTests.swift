import PostureModel
import ScorerModel
import TestSupport
import Testing

@testable import DeviceIdentity
@testable import Scoring

@Suite("Attacks on other devices' rows, by the standard policy")
struct AttackScenarioTests {
    let scenario = Scenario(1...8)

    @Test("12, attack 4: a device by token says what eight victims are: their rows stay, and the conflicts are listed")
    func claims() {
        let rows = (1...8).map { PostureRow.machine($0) }
        #expect(scenario.world.query(rows).allSatisfy { $0.score == 100 })
        var thief = Draft.machine(1).moved(to: 9)
        thief.warp = .read((1...8).map { "warp-\($0)" })
        let decision = scenario.report(thief)
        #expect(scenario.world.query(rows).map(\.device) == (1...8).map { SampleDevice.id($0) })
        #expect(scenario.world.query(rows).allSatisfy { $0.score == 100 })
        let claimed = Set(thief.identifiers)
        #expect(Set(decision?.events.refused ?? []) == claimed)
        let record = scenario.world.record(9)
        #expect(claimed.allSatisfy { record?.claim(to: $0)?.isHeld == false }, "listed with both devices")
    }

    @Test(
        "attack 6: an enrolled device claims eight ids, with the MACs that their rows have and their holders' reports lack"
    )
    func macs() {
        for number in 1...8 {
            var victim = scenario.own(number)
            victim.macs = []
            scenario.report(victim)
        }
        var thief = scenario.own(9)
        thief.warp = .read((1...8).map { "warp-\($0)" })
        thief.macs = (1...8).map { "74:1d:3e:00:00:0\($0)" }
        scenario.report(thief)
        let answers = scenario.world.query((1...8).map { PostureRow.machine($0) })
        #expect(answers.map(\.device) == (1...8).map { SampleDevice.id($0) } && answers.allSatisfy { $0.score == 100 })
    }

    @Test("attack 11: a MAC address and a host name that many machines have link nobody")
    func sharedValues() {
        var draft = scenario.own(1)
        (draft.macs, draft.hostname, draft.ipv4) = ([Pool.sharedMAC], Pool.sharedHostname, Pool.sharedIPv4)
        scenario.report(draft)
        let row = PostureRow(
            deviceID: "warp-1",
            macAddress: Pool.sharedMAC,
            hostname: Pool.sharedHostname,
            virtualIPv4: Pool.sharedIPv4
        )
        #expect(scenario.reason(row) == .nothingAgrees(scenario.device(1)))
        scenario.world.policy.matching.shared = SharedValues(macs: ["74:1d:3e:*"], hostnames: ["laptop-2"])
        var second = PostureRow.machine(2)
        (second.serialNumber, second.virtualIPv4) = ("", "")
        #expect(scenario.reason(second) == .nothingAgrees(scenario.device(2)), "by an operator's list")
    }

    @Test("attack 8: a block by a placeholder serial number covers nobody else")
    func placeholder() {
        for number in [1, 2] {
            var draft = scenario.own(number)
            draft.serial = "To be filled by O.E.M."
            scenario.report(draft)
        }
        scenario.world.block(1)
        #expect(!scenario.isGood(1) && scenario.isGood(2))
    }

    @Test("19: a stranger that claims a blocked serial number has nothing, and the block stays")
    func blockedSerial() {
        var victim = scenario.own(1)
        victim.certificate?.serial = "PF0FAKE1"
        scenario.report(victim)
        scenario.world.block(1)
        var stranger = scenario.own(9)
        stranger.serial = "PF0FAKE1"
        scenario.report(stranger)
        #expect(!scenario.isGood(9) && scenario.world.evaluation(9)?.reasonCode == .blocked)
        #expect(scenario.world.evaluation(1)?.reasonCode == .blocked)
    }
}
