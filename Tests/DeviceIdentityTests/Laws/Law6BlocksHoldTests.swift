import PostureModel
import ScorerModel
import TestSupport
import Testing

@testable import DeviceIdentity
@testable import Scoring

@Suite("Law 6: blocks and revocations hold")
struct Law6BlocksHoldTests {
    /// What a block covers, as it stood when the device was blocked.
    private struct Blocked {
        var device: Int
        var keys: Set<String>
        var identifiers: Set<Identifier>

        init(_ device: Int, _ world: World) {
            self.device = device
            keys = Set(world.told.proofs.keys.filter { world.counts($0, for: device) })
            let limit = world.policy.certificates.devicesPerCertificate
            keys.formUnion(
                (world.told.retiredKeys[device] ?? []).filter { key in
                    (world.told.proofs[key] ?? [:]).keys.count(where: world.isLive) < limit
                }
            )
            let founded = world.founded(device)
            identifiers = Set(
                (world.told.claims[device] ?? [:]).filter { identifier, claim in
                    let isAssigned = world.assigned[device]?.contains(identifier) == true
                    guard isAssigned || founded[identifier] == 3 else { return false }
                    return (1...History.machines).allSatisfy { other in
                        guard other != device, let rival = world.told.claims[other]?[identifier] else { return true }
                        return (claim.rank, rival.since, other) > (rival.rank, claim.since, device)
                    }
                }.keys
            )
        }

        /// Whether the block covers a device.
        func covers(_ other: Int, _ world: World) -> Bool {
            if other == device { return true }
            guard let draft = world.drafts[other] else { return false }
            if let certificate = draft.certificate, keys.contains(certificate.key),
                world.provedAtReceipt[other] == certificate.key
            {
                return true
            }
            return !identifiers.isDisjoint(with: draft.identifiers)
        }
    }

    @Test(
        "in every history: whoever proves or reports what a blocked device held scores 0, and nobody else",
        arguments: Pool.seeds
    )
    func history(seed: UInt64) throws {
        var (history, blocked) = (History(seed: seed), [Blocked]())
        for step in 1...300 {
            if case .report(_, let decision?) = history.step() {
                let stored = history.world.snapshot.records[decision.record.device]
                try #require(decision.record.blocks == stored?.blocks, "it is evaluated by them at once")
            }
            let number = Int.random(in: 1...History.machines, using: &history.generator)
            if history.generator.chance(4), !blocked.contains(where: { $0.device == number }) {
                blocked.append(Blocked(number, history.world))
                history.world.block(number)
            } else if history.generator.chance(6) {
                blocked.removeAll { $0.device == number }
                history.world.unblock(number)
            }
            let snapshot = history.world.snapshot
            for device in 1...History.machines {
                let record = try #require(snapshot.records[SampleDevice.id(device)])
                let covering = Set(
                    blocked.filter { $0.covers(device, history.world) }.map { SampleDevice.id($0.device) }
                )
                let found = Set(record.blocks.map(\.device))
                try #require(found == covering, "seed \(seed), step \(step): \(device)")
                guard let input = history.world.input(record) else { continue }
                let evaluation = history.world.policy.evaluate(input, trust: history.world.trust, at: history.world.now)
                let isBlocked = evaluation.reasonCode == .blocked
                try #require(isBlocked == !covering.isEmpty, "seed \(seed), step \(step): \(device)")
                try #require(!isBlocked || evaluation.value == 0, "seed \(seed), step \(step): \(device)")
            }
        }
    }

    @Test(
        "in every history: what the newest CRL lists proves nothing and has no points, at once",
        arguments: Pool.seeds
    )
    func revocations(seed: UInt64) throws {
        var history = History(seed: seed)
        for step in 1...200 {
            if history.generator.chance(4) {
                history.world.revoked.insert(history.generator.one(of: Pool.certificates).number)
            }
            _ = history.step()
            for device in 1...History.machines {
                guard let certificate = history.world.drafts[device]?.certificate,
                    history.world.revoked.contains(certificate.number)
                else { continue }
                let evaluation = try #require(history.world.evaluation(device))
                try #require(!history.world.proves(device), "seed \(seed), step \(step): \(device)")
                try #require(evaluation.points(.certificateProven) == 0 && evaluation.points(.certificatePresent) == 0)
                // It gives no strength either.
                for identifier in history.world.drafts[device]?.identifiers ?? [] {
                    let row = PostureRow(deviceID: identifier.value, hostname: "laptop-\(device)")
                    guard let link = history.world.plan([row]).answers[0].link, link.device == SampleDevice.id(device)
                    else { continue }
                    try #require(link.strength == .reported || link.strength == .assigned)
                }
            }
        }
    }

    @Test("a blocked device stays blocked whatever key it gets")
    func replacedKey() throws {
        var world = World()
        world.report(Draft.machine(1))
        world.block(1)
        let replacement = SampleDevice.replacement(
            1,
            of: SampleDevice.key(1),
            by: SampleDevice.key(7),
            thumbprint: "t7"
        )
        guard
            case .replace(let record) = decide(replacement, receipt: World.receipt, at: world.now, over: world.snapshot)
        else {
            Issue.record("not replaced")
            return
        }
        world.apply([.device(record)])
        #expect(world.evaluation(1)?.reasonCode == .blocked)
        world.report(Draft.machine(1))
        #expect(world.evaluation(1)?.value == 0 && world.evaluation(1)?.reasonCode == .blocked)
        world.retire(1)
        world.register(1)
        world.report(Draft.machine(1))
        #expect(world.evaluation(1)?.reasonCode == .blocked, "nor by retiring")
    }

    @Test("a machine that is blocked renews its certificate with the same key, registers again, and fails")
    func renewed() {
        var world = World()
        world.report(Draft.machine(1, certificate: Certificate(key: "k", number: "1")))
        world.block(1)
        var again = Draft.machine(2, certificate: Certificate(key: "k", number: "2", name: "renewed"))
        (again.serial, again.warp) = ("PF0FAKE9", .read(["other"]))
        world.report(again)
        #expect(world.evaluation(2)?.value == 0 && world.evaluation(2)?.reasonCode == .blocked)
    }

    @Test("a device that another one is ahead of blocks nothing that the other one holds")
    func behind() {
        var world = World()
        let certificates = (1...2).map { Certificate(key: "k\($0)", number: "\($0)", serial: "PF0FAKE1") }
        world.report(Draft.machine(1, certificate: certificates[0]))
        world.now = world.now.adding(seconds: 1)
        world.report(Draft.machine(1, certificate: certificates[1]).moved(to: 2))
        world.block(2)
        #expect(world.evaluation(1)?.value == 100 && world.evaluation(2)?.value == 0)
    }

    @Test("a certificate that is revoked after the report proves nothing from then on")
    func revokedLater() {
        var world = World()
        world.report(Draft.machine(1, certificate: Certificate(key: "k", number: "1", warp: "warp-1")))
        #expect(world.proves(1) && world.query(.machine(1)).link?.strength == .carried)
        world.revoked = ["1"]
        #expect(!world.proves(1) && world.query(.machine(1)).link?.strength == .reported)
        #expect(world.evaluation(1)?.value == 40)
    }

    @Test("a device that only says or shows what is another's blocks nobody")
    func onlySaid() {
        var world = World()
        let certificate = Certificate(key: "k", number: "1")
        world.report(Draft.machine(1, certificate: certificate))
        var thief = Draft.machine(1, certificate: certificate)
        thief = thief.moved(to: 2)
        world.now = world.now.adding(seconds: 1)
        world.report(thief)
        world.block(2)
        #expect(world.evaluation(2)?.reasonCode == .blocked)
        #expect(world.evaluation(1)?.value == 100)
        var placeholder = Draft.machine(3)
        placeholder.serial = "None"
        world.report(placeholder)
        world.block(3)
        var other = Draft.machine(4)
        other.serial = "None"
        world.report(other)
        #expect(world.evaluation(4)?.reasonCode != .blocked && world.evaluation(4)?.value == 40)
    }
}

extension Draft {
    /// The same report by another device.
    func moved(to number: Int) -> Draft {
        var draft = Draft(number)
        (draft.serial, draft.warp, draft.macs, draft.hostname) = (serial, warp, macs, hostname)
        (draft.ipv4, draft.certificate, draft.isProven, draft.boot, draft.uptime) = (
            ipv4, certificate, isProven, boot, uptime
        )
        return draft
    }
}
