import PostureModel
import ScorerModel
import TestSupport
import Testing

@testable import DeviceIdentity
@testable import Scoring

@Suite("Law 3: nobody loses a row by another's word")
struct Law3NobodyLosesTests {
    @Test(
        "in every history: of the links that count the strongest decides, and of equals the oldest",
        arguments: Pool.seeds
    )
    func history(seed: UInt64) throws {
        var history = History(seed: seed)
        // Forged rows have several links.
        history.world.policy.matching.warpMatch = .reported
        for step in 1...300 {
            guard case .query(_, let answers) = history.step() else { continue }
            for answer in answers {
                let holder = history.world.holder(of: answer.row).map(SampleDevice.id)
                guard let holder, let device = answer.device else { continue }
                try #require(device == holder, "seed \(seed), step \(step): \(answer.row)")
            }
        }
    }

    /// A thief that says, now and later than everybody else, everything that others say.
    private func thief(_ victim: Int, _ history: inout History) -> Draft {
        var draft = Draft(9)
        let own = Draft.machine(victim)
        (draft.serial, draft.macs, draft.hostname) = (own.serial, own.macs, own.hostname)
        draft.warp = .read((1...History.machines).map { "warp-\($0)" })
        if history.generator.chance(50) { draft.ipv4 = own.ipv4 }
        if history.generator.chance(50) {
            // It proves a certificate of its own, which names nobody else's identifiers.
            draft.certificate = Certificate(key: "k9", number: "99", name: "thief")
        }
        return draft
    }

    @Test("since a weaker or later equal claim takes no row from a link that counts", arguments: Pool.seeds)
    func newcomer(seed: UInt64) throws {
        var history = History(seed: seed)
        history.world.register(9)
        for step in 1...200 {
            _ = history.step()
            let victim = Int.random(in: 1...History.machines, using: &history.generator)
            var world = history.world
            world.now = world.now.adding(seconds: 1)
            let rows = (1...History.machines).map(PostureRow.machine)
            let before = world.plan(rows).answers
            let draft = thief(victim, &history)
            let decision = try #require(world.report(draft) as IngestDecision?)
            for (old, new) in zip(before, world.plan(rows).answers) {
                guard let device = old.device, let link = old.link else { continue }
                // A device that proves a certificate is stronger than one that only reports.
                if draft.certificate != nil, link.strength == .reported { continue }
                try #require(new.device == device && new.score == old.score, "seed \(seed), step \(step): \(old)")
            }
            // What it claims in vain is listed.
            for identifier in draft.identifiers {
                guard let claim = world.record(9)?.claim(to: identifier), !claim.isHeld else { continue }
                try #require(decision.events.refused.contains(identifier), "seed \(seed), step \(step)")
            }
        }
    }

    /// Strengths by which a claim to `warp-1` and its row can be founded, the weakest first.
    enum Founding: Int, CaseIterable {
        case reported, proven, carried, assigned
    }

    @discardableResult
    private func found(_ number: Int, _ founding: Founding, _ world: inout World) -> IngestDecision? {
        var draft = Draft.machine(1)
        (draft.macs, draft.serial) = (["74:1d:3e:00:00:01"], nil)
        var own = Draft(number)
        (own.macs, own.warp, own.hostname) = (draft.macs, .read(["warp-1"]), "laptop-1")
        if founding == .proven || founding == .carried {
            let warp = founding == .carried ? "warp-1" : nil
            own.certificate = Certificate(key: "k\(number)", number: "\(number)", warp: warp)
        }
        let decision = world.report(own)
        if founding == .assigned { world.assign(number, .warp, "warp-1") }
        return decision
    }

    @Test("whichever the strengths of both, and whoever was first", arguments: Founding.allCases, Founding.allCases)
    func pairs(first: Founding, second: Founding) {
        var world = World()
        found(2, first, &world)
        world.now = world.now.adding(seconds: 10)
        let decision = found(1, second, &world)
        let isTaken = second.rawValue > first.rawValue || second == .assigned
        #expect(world.query(.machine(1)).device == SampleDevice.id(isTaken ? 1 : 2))
        guard first != .assigned, second != .assigned else { return }
        let id = Identifier(stored: .warp, "warp-1")
        #expect(decision?.events.taken == (isTaken ? [id] : []) && decision?.events.refused == (isTaken ? [] : [id]))
    }

    @Test("however many claim what is somebody's: the first and the strongest stay, and there is an end")
    func crowd() {
        var world = World(devices: 1...40)
        found(1, .reported, &world)
        for number in 2...20 {
            world.now = world.now.adding(seconds: 1)
            let decision = found(number, .reported, &world)
            #expect(decision?.events.refused == [Identifier(stored: .warp, "warp-1")])
        }
        let id = Identifier(stored: .warp, "warp-1")
        #expect(world.claims[id]?.claims.count == ClaimSet.limit)
        #expect(world.query(.machine(1)).device == SampleDevice.id(1))
        for number in 21...37 { found(number, .proven, &world) }
        #expect(world.claims[id]?.claims.count == ClaimSet.limit)
        found(38, .carried, &world)
        #expect(world.query(.machine(1)).device == SampleDevice.id(38))
        #expect(world.claims[id]?.claims.count == ClaimSet.limit)
    }

    @Test("and a link that is suspended keeps its age, while one that ended loses it")
    func suspended() {
        for (warp, keeps) in [(.cannotTell, true), (.noClient, false), (.read([]), false)] as [(Draft.WARP, Bool)] {
            var world = World()
            found(1, .reported, &world)
            world.now = world.now.adding(seconds: 10)
            found(2, .reported, &world)
            #expect(world.query(.machine(1)).device == SampleDevice.id(1))
            var silent = Draft.machine(1)
            silent.warp = warp
            world.report(silent)
            var row = PostureRow.machine(1)
            row.virtualIPv4 = ""
            #expect(world.query(row).device == SampleDevice.id(2), "it counts for the other one meanwhile")
            world.now = world.now.adding(seconds: 10)
            found(1, .reported, &world)
            #expect(world.query(.machine(1)).device == SampleDevice.id(keeps ? 1 : 2), "\(warp)")
        }
    }

    @Test("and expiry does not lower a strength, while revocation does")
    func expiry() {
        for (isRevoked, keeps) in [(false, true), (true, false)] {
            var world = World()
            found(1, .carried, &world)
            world.now = world.now.adding(seconds: 10)
            found(2, .proven, &world)
            if isRevoked {
                world.revoked = ["1"]
            } else {
                var draft = Draft(1)
                (draft.macs, draft.warp) = (["74:1d:3e:00:00:01"], .read(["warp-1"]))
                draft.certificate = Certificate(key: "k1", number: "1", warp: "warp-1", isExpired: true)
                world.report(draft)
            }
            #expect(world.query(.machine(1)).device == SampleDevice.id(keeps ? 1 : 2))
        }
    }
}
