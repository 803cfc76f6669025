import PostureModel
import ScorerModel
import TestSupport
import Testing

@testable import DeviceIdentity
@testable import Scoring

@Suite("Scenarios of keys, by the standard policy")
struct KeyScenarioTests {
    let scenario = Scenario()
    private let weekend: Int64 = 3 * 86_400

    /// The report of another device that proves the certificate of the first machine.
    private func stolen(_ number: Int, of victim: Int = 1) -> Draft {
        var draft = Draft.machine(number)
        draft.certificate = scenario.own(victim).certificate
        return draft
    }

    @Test("13: reinstalled with the certificate restored: it counts at once if the old device retired, or is replaced")
    func reinstalled() {
        let before = scenario.world
        scenario.report(stolen(5))
        #expect(!scenario.isGood(5))
        scenario.wait(86_400)
        scenario.report(stolen(5))
        #expect(scenario.isGood(5) && scenario.notices(5) == [.certificateKeyPassedOn] && scenario.notices(1) == [])
        scenario.world = before
        scenario.world.retire(1)
        scenario.report(stolen(5))
        #expect(scenario.isGood(5) && scenario.notices(5) == [])
        scenario.world = before
        scenario.report(stolen(5))
        scenario.world.replace(1, by: 5)
        #expect(scenario.isGood(5) && !scenario.isGood(1) && scenario.notices(5) == [])
    }

    @Test(
        "14, attack 3: a stolen certificate key gives nothing while the victim is live, renewed to another key or not"
    )
    func live() {
        scenario.report(stolen(5))
        #expect(scenario.isGood(1) && !scenario.isGood(5) && scenario.notices(1) == [])
        var renewed = scenario.own(1)
        renewed.certificate = Certificate(key: "new", number: "100", name: "machine-1")
        scenario.report(renewed)
        scenario.report(stolen(5))
        #expect(scenario.isGood(1) && !scenario.isGood(5))
        #expect(scenario.world.query(.machine(5)).score < scenario.world.policy.passMark)
    }

    @Test(
        "14: it passes once the victim is stale, which is announced, and the victim has it back on Monday, with the alarm"
    )
    func asleep() {
        scenario.wait(weekend)
        scenario.report(stolen(5))
        #expect(scenario.isGood(5) && scenario.notices(5) == [.certificateKeyPassedOn])
        scenario.report(scenario.own(1))
        #expect(scenario.isGood(1) && !scenario.isGood(5) && scenario.notices(1) == [.certificateKeyReturned])
        #expect(scenario.world.notices[scenario.device(1)]?.first?.other == scenario.device(5).rawValue)
    }

    @Test("19: the thief is blocked while the victim holds the key: the victim passes")
    func blockedThief() {
        scenario.report(stolen(5))
        scenario.world.block(5)
        #expect(scenario.isGood(1) && !scenario.isGood(5) && scenario.passes(.machine(1)))
    }

    @Test(
        "15: of machines with one certificate and device keys of their own one has points, or as many as the limit",
        arguments: [1, 4]
    )
    func cloud(limit: Int) {
        scenario.world.policy.certificates.devicesPerCertificate = limit
        for number in 5...8 { scenario.report(stolen(number)) }
        #expect(([1] + (5...8)).map { scenario.isGood($0) } == [true] + (0..<4).map { $0 < limit - 1 })
    }

    @Test("15: of machines with one device key all are 0, with the alarm")
    func oneDeviceKey() {
        var draft = scenario.own(1)
        let image = scenario.world.records[scenario.device(1)]?.continuity?.answered.text
        for machine in 1...3 {
            draft.boot = "boot-\(machine)"
            scenario.report(draft, receipt: .some(image))
        }
        scenario.report(draft)
        scenario.report(draft, receipt: .some(image))
        #expect(!scenario.isGood(1) && scenario.notices(1) == [.deviceKeyCopied])
        #expect(scenario.world.query(.machine(1)).score == 0)
    }

    @Test(
        "16: a snapshot of the memory is shown if it is restored once a day, and two machines raise the alarm at once"
    )
    func snapshots() {
        var draft = scenario.own(1)
        func state(_ scenario: Scenario) -> String? {
            scenario.world.records[scenario.device(1)]?.continuity?.answered.text
        }
        draft.uptime = 1000
        scenario.report(draft)
        let snapshot = state(scenario)
        scenario.wait(600)
        draft.uptime = 1601
        scenario.report(draft)
        scenario.report(draft)
        let before = scenario.world
        draft.uptime = 1010
        scenario.report(draft, receipt: .some(snapshot))
        scenario.report(draft)
        #expect(scenario.isGood(1) && scenario.notices(1) == [.snapshotRestored])
        scenario.report(draft, receipt: .some(snapshot))
        #expect(!scenario.isGood(1) && scenario.notices(1) == [.snapshotRestored, .deviceKeyCopied])
        scenario.world = before
        draft.uptime = 1604
        scenario.report(draft, receipt: .some(snapshot))
        #expect(!scenario.isGood(1) && scenario.notices(1) == [.deviceKeyCopied], "its time ran on")
    }

    @Test("attack 10: a thief with both keys that reports once a day is noticed with the owner's next report")
    func onceADay() {
        let thief = scenario.world.records[scenario.device(1)]?.continuity?.answered.text
        scenario.wait(3600)
        scenario.report(scenario.own(1))
        let owner = scenario.world.records[scenario.device(1)]?.continuity?.answered.text
        scenario.report(
            scenario.own(1),
            receipt: .some(thief)
        )
        scenario.report(scenario.own(1), receipt: .some(owner))
        #expect(scenario.notices(1) == [.deviceKeyCopied] && !scenario.isGood(1))
    }

    @Test("17: a device key is replaced: the answer may be lost, and a block stays")
    func replaced() {
        scenario.world.block(1)
        let message = SampleDevice.replacement(
            1,
            of: SampleDevice.key(1),
            by: SampleDevice.key(7),
            thumbprint: "t7",
            receipt: scenario.world.records[scenario.device(1)]?.continuity?.answered.text
        )
        let decision = decide(message, receipt: World.receipt, at: scenario.world.now, over: scenario.world.snapshot)
        guard case .replace(let record) = decision else {
            Issue.record("not replaced: \(decision)")
            return
        }
        scenario.world.apply([.device(record)])
        #expect(
            decide(message, receipt: World.receipt, at: scenario.world.now, over: scenario.world.snapshot)
                == .alreadyReplaced
        )
        #expect(scenario.world.records.count == 9 && !scenario.isGood(1))
        #expect(scenario.world.evaluation(1)?.reasonCode == .blocked)
        scenario.world.unblock(1)
        #expect(scenario.isGood(1))
        scenario.world.apply([.notice(record.copiedKey(at: scenario.world.now))])
        #expect(!scenario.isGood(1), "the old key reported")
    }

    @Test("20: the scorer is down for 26 hours, and a newcomer that proves a held key gets nothing")
    func outage() {
        let began = scenario.world.now
        scenario.wait(26 * 3600)
        scenario.world.outages = [Outage(began: began, ended: scenario.world.now)]
        scenario.report(stolen(5))
        #expect(!scenario.isGood(5) && scenario.isGood(1) && scenario.notices(5) == [])
    }
}
