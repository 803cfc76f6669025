import PostureModel
import ScorerModel
import TestSupport
import Testing

@testable import DeviceIdentity
@testable import Scoring

/// A machine that goes on as machines do, with what it keeps on its disk and in its memory.
private struct Machine {
    var boot: Int
    /// When it was started, by the scorer's clock, later by the time for which its memory was frozen.
    var started: Timestamp
    /// The receipt of the last answer that it stored.
    var receipt: String?

    func draft(at now: Timestamp) -> Draft {
        var draft = Draft.machine(1)
        (draft.boot, draft.uptime) = ("boot-\(boot)", now.seconds - started.seconds)
        return draft
    }
}

@Suite("Law 5: one device key, one machine")
struct Law5OneStateTests {
    /// The history of a device, by the law's own words: every report with its receipt.
    private struct Log {
        struct State {
            var receipt: String
            var boot: String
            var began: Int64
        }
        var states: [State] = []
        var shown: String?
        var restoredAt: Timestamp?

        /// Whether a report is a return that raises the alarm.
        mutating func isReturn(_ draft: Draft, _ receipt: String?, at now: Timestamp) -> Bool {
            defer { shown = receipt }
            guard let last = states.last, receipt != last.receipt, receipt != shown else { return false }
            let began = now.seconds - (draft.uptime ?? 0)
            if let state = states.first(where: { $0.receipt == receipt }), state.boot == draft.boot,
                began - state.began >= 30, restoredAt.map({ now.seconds - $0.seconds >= 86_400 }) ?? true
            {
                restoredAt = now
                return false
            }
            return true
        }
    }

    /// Reports, and stores the answer unless it is lost.
    private func report(_ machine: inout Machine, lost: Bool, _ world: inout World, _ log: inout Log) -> Bool? {
        let draft = machine.draft(at: world.now)
        let expected = log.isReturn(draft, machine.receipt, at: world.now)
        let before = world.notices[SampleDevice.id(1)] ?? []
        guard let decision = world.report(draft, receipt: .some(machine.receipt)),
            let answered = decision.record.continuity?.answered.text
        else { return nil }
        let began = world.now.seconds - (draft.uptime ?? 0)
        log.states.append(.init(receipt: answered, boot: draft.boot, began: began))
        if !lost { machine.receipt = answered }
        let isKnown = before.contains { $0.kind == .deviceKeyCopied }
        let isAlarm = decision.events.notices.contains { $0.kind == .deviceKeyCopied }
        return isAlarm == (expected && !isKnown) ? expected : nil
    }

    @Test(
        "an honest machine raises no alarm: lost answers, reboots, sleep, a clock that is set back",
        arguments: Pool.seeds
    )
    func honest(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var (world, log) = (World(devices: 1...1), Log())
        var machine = Machine(boot: 0, started: world.now)
        for step in 1...150 {
            world.now = world.now.adding(seconds: generator.one(of: [1, 300, 3600, 200_000]))
            if generator.chance(15) {
                machine.boot += 1
                machine.started = world.now.adding(seconds: -1)
            }
            let isReturn = report(&machine, lost: generator.chance(30), &world, &log)
            try #require(isReturn == false, "seed \(seed), step \(step)")
            try #require(world.notices[SampleDevice.id(1)] == nil)
        }
    }

    @Test("two machines with one key raise it at the first return to an earlier state", arguments: Pool.seeds)
    func copied(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for round in 1...20 {
            var (world, log) = (World(devices: 1...1), Log())
            var machines = [Machine(boot: 0, started: world.now)]
            var copies = 0
            for step in 1...25 {
                world.now = world.now.adding(seconds: generator.one(of: [20, 29, 30, 31, 300, 90_000]))
                if generator.chance(10) {
                    // A copy of the disk, which is started elsewhere, or of the memory, frozen for a while or not.
                    var copy = generator.one(of: machines)
                    copies += 1
                    let isFrozen = generator.chance(50)
                    let frozen = generator.one(of: [0, 29, 30, 31, 300] as [Int64])
                    if isFrozen {
                        copy.started = copy.started.adding(seconds: frozen)
                    } else {
                        (copy.boot, copy.started) = (copies * 100, world.now)
                    }
                    machines.append(copy)
                }
                let index = Int.random(in: 0..<machines.count, using: &generator)
                let result = report(&machines[index], lost: generator.chance(20), &world, &log)
                try #require(result != nil, "seed \(seed), round \(round), step \(step)")
                if result == true {
                    #expect(world.evaluation(1)?.value == 0 && world.evaluation(1)?.reasonCode == .clone)
                    // The operator gave every machine but one a key of its own.
                    world.clear(1)
                    machines = [machines[index]]
                    machines[0].receipt = nil
                    log = Log()
                    #expect(world.evaluation(1)?.value != 0)
                }
            }
        }
    }

    /// A machine that has reported three times.
    private func settled() -> (World, Machine, Log) {
        var (world, log) = (World(devices: 1...1), Log())
        var machine = Machine(boot: 1, started: world.now)
        for _ in 1...3 {
            world.now = world.now.adding(seconds: 300)
            _ = report(&machine, lost: false, &world, &log)
        }
        return (world, machine, log)
    }

    @Test("a thief with the key alone, whatever it shows, raises it with its report or with the owner's next one")
    func thief() {
        for receipt in [nil, "", "1.AAAA", "3.AAAAAAAAAAAAAAAA", "999.AAAA", "-1.x"] as [String?] {
            var (world, machine, log) = settled()
            var thief = machine
            thief.receipt = receipt
            thief.started = world.now
            _ = report(&thief, lost: false, &world, &log)
            world.now = world.now.adding(seconds: 300)
            _ = report(&machine, lost: false, &world, &log)
            #expect(world.record(1)?.cloneAlarmSince != nil && world.evaluation(1)?.value == 0, "\(receipt ?? "none")")
        }
    }

    @Test("a snapshot of the memory that is restored is shown, the first in a day, and raises it the second time")
    func restored() {
        for (again, isAlarm) in [(86_399, true), (86_400, false)] as [(Int64, Bool)] {
            var (world, machine, log) = settled()
            let snapshot = machine
            world.now = world.now.adding(seconds: 300)
            _ = report(&machine, lost: false, &world, &log)
            _ = report(&machine, lost: false, &world, &log)
            machine = snapshot
            machine.started = machine.started.adding(seconds: 300)
            #expect(report(&machine, lost: false, &world, &log) == false)
            #expect(world.notices[SampleDevice.id(1)]?.map(\.kind) == [.snapshotRestored])
            #expect(report(&machine, lost: false, &world, &log) == false)
            world.now = world.now.adding(seconds: again)
            machine.receipt = snapshot.receipt
            machine.started = machine.started.adding(seconds: again)
            #expect(report(&machine, lost: false, &world, &log) == isAlarm)
        }
    }

    @Test("a key that was replaced may repeat its message alone")
    func replacedKey() throws {
        var world = World(devices: 1...1)
        world.report(Draft.machine(1))
        func replacement(_ old: Int, by new: Int) -> VerifiedKeyReplacement {
            SampleDevice.replacement(1, of: SampleDevice.key(old), by: SampleDevice.key(new), thumbprint: "t\(new)")
        }
        guard
            case .replace(let record) = decide(
                replacement(1, by: 7),
                receipt: World.receipt,
                at: world.now,
                over: world.snapshot
            )
        else {
            Issue.record("not replaced")
            return
        }
        #expect(record.device == SampleDevice.id(1) && record.key == SampleDevice.key(7))
        #expect(record.keyThumbprint == "t7" && record.replacedKeys == [SampleDevice.key(1)])
        world.apply([.device(record)])
        #expect(
            decide(replacement(1, by: 7), receipt: World.receipt, at: world.now, over: world.snapshot)
                == .alreadyReplaced
        )
        let alarm = IdentityNotice(.deviceKeyCopied, of: SampleDevice.id(1), since: world.now)
        for other in [replacement(1, by: 8), replacement(7, by: 1)] {
            #expect(decide(other, receipt: World.receipt, at: world.now, over: world.snapshot) == .byReplacedKey(alarm))
        }
        let strangers = decide(replacement(9, by: 8), receipt: World.receipt, at: world.now, over: world.snapshot)
        #expect(strangers == .unknownDevice, "whoever has none of its keys raises nothing")
        world.retire(1)
        #expect(
            decide(replacement(7, by: 8), receipt: World.receipt, at: world.now, over: world.snapshot) == .unknownDevice
        )
    }
}
