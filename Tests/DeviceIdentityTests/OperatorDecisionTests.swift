import PostureModel
import ScorerModel
import TestSupport
import Testing

@testable import DeviceIdentity
@testable import Scoring

@Suite("What operators decide of a device")
struct OperatorDecisionTests {
    let serial = Identifier(stored: .serial, "pf0fake1")

    /// Devices that report the serial number of the first one; those with a certificate carry it.
    func world(_ devices: ClosedRange<Int>, carrying: Set<Int> = []) -> World {
        var world = World(devices: 1...20)
        for number in devices {
            let certificate = Certificate(key: "k\(number)", number: "\(number)", serial: "PF0FAKE1")
            var draft = Draft(number)
            (draft.serial, draft.certificate) = ("PF0FAKE1", carrying.contains(number) ? certificate : nil)
            world.now = world.now.adding(seconds: 1)
            world.report(draft)
        }
        return world
    }

    @Test("is that an identifier is its own, by force where somebody vouches for another device's claim")
    func assigned() throws {
        var world = world(1...2, carrying: [1])
        let record = try #require(world.record(2))
        let refused = record.assigning([serial], over: world.snapshot, force: false, at: world.now)
        #expect(refused == .heldByOthers([SampleDevice.id(1)]))
        for device in [2, 1, 2] {
            #expect(
                world.assign(device, .serial, "PF0FAKE1") && world.claims[serial]?.holder == SampleDevice.id(device)
            )
        }
        let claims = try #require(world.claims[serial]).claims
        #expect(claims.map(\.strength) == [.assigned, .carried])
        #expect(claims.map(\.since) == [2, 1].map { SampleDevice.now.adding(seconds: $0) }, "with their age")
        let again = try #require(world.record(2)).assigning([serial], over: world.snapshot, force: true, at: world.now)
        #expect(again == .assigned([serial], claims: []), "nothing changes")
    }

    @Test("needs no force where the others only report it")
    func unforced() {
        var world = world(1...2)
        let isAssigned = [2, 1].map { world.assign($0, .serial, "PF0FAKE1", force: false) }
        #expect(isAssigned == [true, false])
        #expect(world.claims[serial]?.holder == SampleDevice.id(2))
    }

    @Test("finds room for what is assigned among as many claims as there may be")
    func inACrowd() {
        var world = world(1...17)
        #expect(world.record(17)?.claims(.serial).isEmpty == true)
        world.assign(17, .serial, "PF0FAKE1")
        #expect(world.claims[serial]?.holder == SampleDevice.id(17))
    }

    @Test("is taken back: the claim stays as the newest report makes it, or goes")
    func unassigned() {
        var world = world(1...1)
        let other = Identifier(stored: .warp, "w1")
        world.assign(1, .serial, "PF0FAKE1")
        world.assign(1, .warp, "w1")
        #expect(
            world.record(1)?.withdrawingAssignment(of: Identifier(stored: .warp, "w2"), over: world.snapshot) == nil
        )
        world.unassign(1, serial)
        world.unassign(1, other)
        #expect(world.record(1)?.claims.map(\.claim.strength) == [.reported] && world.claims[other]?.claims == [])
        #expect(world.record(1)?.withdrawingAssignment(of: serial, over: world.snapshot) == nil)
    }

    @Test("leaves no claims but those to keys when it retires, and those of others as they are")
    func withdrawn() throws {
        var world = world(1...2, carrying: [1])
        world.retire(1)
        #expect(world.record(1)?.claims.allSatisfy { $0.claim.identifier.kind == .key } == true)
        #expect(world.record(1)?.retiredAt == world.now)
        #expect(world.claims[serial]?.holder == SampleDevice.id(2))
    }

    @Test("passes on, to the device that replaces it, its keys, what was assigned to it, its tags and its waivers")
    func replaced() throws {
        var world = world(1...2, carrying: [1])
        world.assign(1, .warp, "w1")
        world.tag(1, "server")
        world.query(PostureRow(deviceID: "w1", serialNumber: "PF0FAKE1"))
        var old = try #require(world.record(1))
        #expect(old.use?.row == "w1")
        old.waivers = [
            Waiver(
                device: old.device,
                rule: "r",
                expiresAt: world.now,
                reason: "x",
                createdBy: "a",
                createdAt: world.now
            )
        ]
        let changes = old.replaced(by: SampleDevice.id(3), over: world.snapshot, at: world.now)
        let waivers = changes.compactMap { if case .waive(let waiver) = $0 { waiver } else { nil } }
        #expect(waivers.map(\.device) == [SampleDevice.id(3)] && waivers.map(\.rule) == ["r"])
        world.replace(1, by: 3)
        let new = try #require(world.record(3))
        #expect(Set(new.claims.map(\.claim.identifier)) == [.key("k1"), Identifier(stored: .warp, "w1")])
        #expect(new.claims.allSatisfy { $0.claim.since <= SampleDevice.now.adding(seconds: 2) }, "with their age")
        #expect(new.tags.contains(DeviceTag("server", .operators)) && world.uses[SampleDevice.id(1)] == nil)
        #expect(world.claims[serial]?.holder == SampleDevice.id(2), "what it only reported is given up")
    }

    @Test("is only reported once the inventory does not expect its certificate")
    func withoutExpectation() {
        func set(_ strengths: [ClaimStrength]) -> ClaimSet {
            ClaimSet(
                serial,
                version: 7,
                claims: zip(1..., strengths).map {
                    Claim(
                        identifier: serial,
                        device: SampleDevice.id($0),
                        strength: $1,
                        since: SampleDevice.now.adding(seconds: Int64($0))
                    )
                }
            )
        }
        #expect(set([.expected, .carried, .expected]).withoutExpectation == set([.reported, .carried, .reported]))
        for strength in ClaimStrength.allCases where strength != .expected {
            #expect(set([strength]).withoutExpectation == set([strength]))
        }
    }

    @Test("is blocked with the keys and identifiers that it holds, or by its own id and key alone")
    func blockKeys() throws {
        let world = world(1...2, carrying: [1])
        let record = try #require(world.record(1))
        let verdicts =
            world.input(record).map { world.policy.verdicts(of: $0, trust: world.trust, at: world.now) } ?? []
        let own = [Block.Key(.device, record.device.rawValue), Block.Key(.deviceKey, record.keyThumbprint)]
        func keys(_ keyOnly: Bool) -> [Block.Key] {
            record.keysToBlock(keyOnly: keyOnly, verdicts: verdicts, heldKeys: ["k1"])
        }
        #expect(keys(true) == own)
        #expect(keys(false) == own + [Block.Key(.certificateKey, "k1"), Block.Key(.serial, "pf0fake1")])
    }
}
