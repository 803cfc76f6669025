import PostureModel
import ScorerModel
import TestSupport
import Testing

@testable import DeviceIdentity
@testable import Scoring

@Suite("Law 5: one certificate key, one machine")
struct Law5OneMachineTests {
    /// The devices that prove by each key.
    private func holders(_ world: World) -> [String: Set<Int>] {
        let snapshot = world.snapshot
        var holders: [String: Set<Int>] = [:]
        for device in 1...History.machines {
            guard let input = snapshot.records[SampleDevice.id(device)].flatMap(world.input) else { continue }
            let verdicts = world.policy.verdicts(of: input, trust: world.trust, at: world.now)
            for key in verdicts.filter(\.proves).compactMap(\.key) { holders[key, default: []].insert(device) }
        }
        return holders
    }

    @Test("in every history: a key counts for its first live holders, and for nobody else", arguments: Pool.seeds)
    func history(seed: UInt64) throws {
        var history = History(seed: seed)
        for step in 1...300 {
            let before = history.world
            let event = history.step()
            let world = history.world
            let (all, now) = (holders(before), holders(world))
            for key in ["k1", "k2", "k3"] {
                let (old, new) = (all[key] ?? [], now[key] ?? [])
                let live = new.filter(world.isLive)
                let limit = world.policy.certificates.devicesPerCertificate
                try #require(live.count <= limit, "seed \(seed), step \(step): \(key) counts for \(new)")
                for device in 1...History.machines {
                    let proves = world.proves(naively: device)?.key == key
                    try #require(new.contains(device) == proves, "seed \(seed), step \(step): \(key) of \(device)")
                }
                // Only its own report, a revocation or an operator takes a key from a live holder.
                guard case .report(let draft, _) = event else { continue }
                for device in old where before.isLive(device) && device != draft.device {
                    let hadIt = (before.told.proofs[key] ?? [:])[draft.device]
                    let returns = hadIt.map { $0 < (before.told.proofs[key]?[device] ?? $0) } ?? false
                    let isAssigned = before.told.assignedKeys[key] == draft.device
                    try #require(
                        new.contains(device) || returns || isAssigned,
                        "seed \(seed), step \(step): \(device) lost \(key)"
                    )
                }
            }
            try check(points: world, "seed \(seed), step \(step)")
        }
    }

    /// Nobody has points of a certificate whose key another device holds.
    private func check(points world: World, _ comment: String) throws {
        let snapshot = world.snapshot
        for device in 1...History.machines {
            guard let draft = world.drafts[device], let key = draft.certificate?.key, draft.isProven,
                !world.counts(key, for: device),
                let input = snapshot.records[SampleDevice.id(device)].flatMap(world.input)
            else { continue }
            let evaluation = world.policy.evaluate(input, trust: world.trust, at: world.now)
            let points = evaluation.points(.certificateProven) ?? 0
            try #require(points == 0 && evaluation.points(.certificatePresent) == 0, "\(comment): \(device)")
        }
    }

    // MARK: Passing on, and coming back

    private let certificate = Certificate(key: "k", number: "1")

    private func draft(_ number: Int) -> Draft { Draft.machine(number, certificate: certificate) }

    /// Reports a moment after whatever happened before.
    private func report(_ draft: Draft, _ world: inout World) {
        world.now.microseconds += 1
        world.report(draft)
    }

    private func kinds(_ number: Int, _ world: World) -> [IdentityNotice.Kind] {
        (world.notices[SampleDevice.id(number)] ?? []).map(\.kind)
    }

    @Test("a key passes on when its holder is stale, which is announced, and not a second before")
    func passesOn() {
        var world = World()
        world.report(draft(1))
        let refused = world.report(draft(2))
        #expect(refused?.events.refused.contains(.key("k")) == true)
        #expect(world.proves(1) && !world.proves(2) && kinds(2, world) == [])
        world.now = world.now.adding(seconds: world.policy.freshness.staleAfter - 1)
        world.report(draft(2))
        #expect(!world.proves(2))
        world.now = world.now.adding(seconds: 1)
        #expect(world.proves(2), "also between two reports")
        world.report(draft(2))
        let notice = world.notices[SampleDevice.id(2)]?.first
        #expect(notice?.kind == .certificateKeyPassedOn && notice?.other == SampleDevice.id(1).rawValue)
    }

    @Test("an outage of the scorer passes no key on")
    func outage() {
        var world = World()
        world.report(draft(1))
        let began = world.now
        world.now = began.adding(seconds: 26 * 3600)
        world.outages = [Outage(began: began, ended: world.now)]
        world.report(draft(2))
        #expect(!world.proves(2) && kinds(2, world) == [])
    }

    @Test("a holder that returns has its key back, the newcomer loses it, and the alarm names both", arguments: [1, 2])
    func returns(limit: Int) {
        var world = World(devices: 1...5)
        world.policy.certificates.devicesPerCertificate = limit
        for number in 1...limit { world.report(draft(number)) }
        world.report(draft(limit + 1))
        world.now = world.now.adding(seconds: 3 * 86_400)
        for number in 2...(limit + 1) { world.report(draft(number)) }
        #expect(world.proves(limit + 1))
        world.report(draft(1))
        #expect(world.proves(1) && !world.proves(limit + 1))
        let notice = world.notices[SampleDevice.id(1)]?.last
        #expect(notice?.kind == .certificateKeyReturned && notice?.other == SampleDevice.id(limit + 1).rawValue)
        let count = world.notices[SampleDevice.id(1)]?.count
        world.report(draft(1))
        #expect(world.notices[SampleDevice.id(1)]?.count == count, "once")
    }

    @Test("a holder that returns after the newcomer fell silent raises the alarm, but none that only came later")
    func returnsLate() {
        for (reportsMeanwhile, isAlarm) in [(true, true), (false, false)] {
            var world = World(devices: 1...2)
            report(draft(1), &world)
            report(draft(2), &world)
            world.now = world.now.adding(seconds: 90_000)
            if reportsMeanwhile { report(draft(2), &world) }
            world.now = world.now.adding(seconds: 90_000)
            report(draft(1), &world)
            #expect(world.proves(1) && kinds(1, world) == (isAlarm ? [.certificateKeyReturned] : []))
        }
    }

    @Test("a key passes on at once from a device that retires, or that an operator replaces")
    func givenUp() {
        var world = World()
        report(draft(1), &world)
        report(draft(2), &world)
        var replaced = world
        world.retire(1)
        #expect(world.proves(2) && !world.proves(1))
        world.register(1)
        #expect(!world.proves(1), "what it reported before it gave its keys up")
        report(draft(1), &world)
        #expect(!world.proves(1) && world.proves(2))
        report(draft(3), &replaced)
        replaced.replace(1, by: 3)
        #expect(replaced.proves(3) && !replaced.proves(2), "with the age of the old one's proof")
        #expect(kinds(3, replaced) == [])
    }

    @Test("renewing a certificate with another key leaves the old key with its holder")
    func renewed() {
        var world = World()
        report(draft(1), &world)
        world.report(Draft.machine(1, certificate: Certificate(key: "k-new", number: "2")))
        report(draft(2), &world)
        #expect(!world.proves(2) && world.proves(1))
    }

    @Test("a key that too many devices have proven counts for no further one")
    func crowd() throws {
        var world = World()
        let identifier = Identifier.key("k")
        let claims = (0..<ClaimSet.keyLimit).map {
            Claim(identifier: identifier, device: SampleDevice.id(100 + $0), strength: .proven, since: world.now)
        }
        world.claims[identifier] = ClaimSet(identifier, version: 1, claims: claims)
        report(draft(1), &world)
        #expect(!world.proves(1) && world.evaluation(1)?.points(.certificateProven) == 0)
        #expect(world.tags[SampleDevice.id(1)] == nil)
    }

    @Test("a key that is only shown is not held, and gives nothing while another device has proven it")
    func shown() {
        var world = World()
        var shown = draft(1)
        shown.isProven = false
        world.report(shown)
        #expect(world.evaluation(1)?.points(.certificatePresent) == 20)
        report(draft(2), &world)
        #expect(world.proves(2) && world.evaluation(1)?.points(.certificatePresent) == 0)
        report(draft(1), &world)
        #expect(!world.proves(1) && world.proves(2), "the second to prove it")
    }
}
