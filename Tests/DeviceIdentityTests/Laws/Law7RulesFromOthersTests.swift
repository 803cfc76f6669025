import PostureModel
import ScorerModel
import TestSupport
import Testing

@testable import DeviceIdentity
@testable import Scoring

@Suite("Law 7: groups and tags come from others, and stay")
struct Law7RulesFromOthersTests {
    /// A policy whose groups have rules that are easier and harder than those of devices in no group.
    private static let policy: Policy = {
        var policy = Policy.lawful
        policy.rules[.certificateProven] = Rule(points: 40, gate: 30)
        policy.groups = [
            Policy.Group(name: "vaults", tags: ["vault"], rules: [.certificateProven: Rule(points: 40, gate: 30)]),
            Policy.Group(name: "servers", certificateNames: ["server"], rules: [.certificatePresent: Rule(points: 20)]),
            Policy.Group(name: "others", tags: ["other"], certificateNames: ["machine*"]),
        ]
        return policy
    }()

    /// The tags that a report may give: by a certificate that it proves with a key that counts, and by the inventory for a
    /// serial number that is assigned, carried or expected.
    private func allowed(_ draft: Draft, _ world: World) -> Set<DeviceTag> {
        var tags: Set<DeviceTag> = []
        if let certificate = world.proves(naively: draft.device) {
            tags.insert(DeviceTag(certificate.name, .certificate))
        }
        guard let serial = world.record(draft.device)?.serial, let name = world.inventory[serial]?.tag else {
            return tags
        }
        let identifier = Identifier(stored: .serial, serial)
        let isFounded = world.founded(draft.device)[identifier] == 3
        if isFounded || world.assigned[draft.device]?.contains(identifier) == true {
            tags.insert(DeviceTag(name, .inventory(serial: serial)))
        }
        return tags
    }

    @Test(
        "in every history: a report takes no tag away, and adds what the CA or the inventory says alone",
        arguments: Pool.seeds
    )
    func history(seed: UInt64) throws {
        var history = History(seed: seed)
        history.world.policy = Self.policy
        for step in 1...300 {
            let before = history.world.tags
            guard case .report(let draft, let decision?) = history.step() else {
                if history.generator.chance(5) {
                    history.world.tag(Int.random(in: 1...History.machines, using: &history.generator), "other")
                }
                continue
            }
            let device = SampleDevice.id(draft.device)
            let (old, new) = (before[device] ?? [], history.world.tags[device] ?? [])
            let comment: Comment = "seed \(seed), step \(step)"
            try #require(new.isSuperset(of: old), comment)
            let allowed = allowed(draft, history.world)
            try #require(new.subtracting(old).isSubset(of: allowed), comment)
            try #require(decision.record.tags == new, "it is evaluated by them at once")
            let certificate = allowed.filter { $0.origin == .certificate }
            try #require(certificate.isSubset(of: new), comment)
            // The first group of the policy counts, for the tags alone.
            let names = Set(new.filter { $0.origin != .certificate }.map(\.name))
            let common = Set(new.filter { $0.origin == .certificate }.map(\.name))
            let isMachine = common.contains { $0.hasPrefix("machine") } || names.contains("other")
            let group =
                names.contains("vault") ? "vaults" : common.contains("server") ? "servers" : isMachine ? "others" : nil
            try #require(history.world.evaluation(draft.device)?.group == group, comment)
        }
    }

    @Test("in every history: what a device says or leaves out does not change its group", arguments: Pool.seeds)
    func facts(seed: UInt64) throws {
        var history = History(seed: seed)
        history.world.policy = Self.policy
        for step in 1...200 {
            _ = history.step()
            let number = Int.random(in: 1...History.machines, using: &history.generator)
            guard history.world.record(number)?.retiredAt == nil else { continue }
            var world = history.world
            let before = world.evaluation(number)?.group
            // It proves nothing, and says anything.
            var draft = history.generator.draft(number, of: History.machines)
            draft.isProven = false
            world.report(draft)
            let isAssigned = world.assigned[number]?.contains(Identifier(stored: .serial, "pf0fake4")) == true
            guard world.evaluation(number)?.group != before else { continue }
            try #require(isAssigned && world.evaluation(number)?.group == "vaults", "seed \(seed), step \(step)")
        }
    }

    @Test("a policy is refused in which a group has a gate that devices in no group lack")
    func escape() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 1...300 {
            var policy = Policy.lawful
            func gate(_ generator: inout SeededGenerator) -> Int? { generator.one(of: [nil, nil, 0, 10, 59, 99]) }
            for name in policy.rules.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
                policy.rules[name]?.gate = gate(&generator)
            }
            policy.groups = (1...2).map { index in
                let rules = policy.rules.keys.sorted { $0.rawValue < $1.rawValue }.filter { _ in generator.chance(50) }
                    .map { ($0, Rule(points: policy.rules[$0]?.points ?? 0, gate: gate(&generator))) }
                return Policy.Group(
                    name: "g\(index)",
                    tags: ["t\(index)"],
                    rules: Dictionary(uniqueKeysWithValues: rules)
                )
            }
            let escapes = policy.groups.contains { group in
                group.rules.contains { name, rule in
                    guard let gate = rule.gate else { return false }
                    return (policy.rules[name]?.gate ?? 100) > gate
                }
            }
            #expect((policy.problem != nil) == escapes)
        }
    }

    @Test("a device keeps its group when it reports another serial number, loses its certificate, or says nothing")
    func sticky() {
        var world = World()
        world.policy = Self.policy
        world.inventory["pf0fake1"] = InventoryItem(serial: "pf0fake1", certificateName: nil, tag: "vault")
        world.report(Draft.machine(1))
        #expect(world.evaluation(1)?.group == nil, "its word alone")
        world.report(Draft.machine(1, certificate: Certificate(key: "k", number: "1", serial: "PF0FAKE1")))
        #expect(world.evaluation(1)?.group == "vaults")
        for serial in ["PF0FAKE2", "None", nil] {
            var draft = Draft.machine(1)
            draft.serial = serial
            world.report(draft)
            #expect(world.evaluation(1)?.group == "vaults")
        }
        world.apply([.untag(SampleDevice.id(1), names: ["vault"])])
        #expect(
            world.evaluation(1)?.group == "others",
            "the certificate's name, now that the operator took the tag away"
        )
    }

    @Test("neither a key that counts for another device nor a certificate that is only shown gives a group")
    func heldElsewhere() {
        var world = World()
        world.policy = Self.policy
        let certificate = Certificate(key: "k", number: "1", name: "server")
        world.report(Draft.machine(1, certificate: certificate))
        world.now.microseconds += 1
        world.report(Draft.machine(2, certificate: certificate))
        var shown = Draft.machine(3, certificate: Certificate(key: "other", number: "2", name: "server"))
        shown.isProven = false
        world.report(shown)
        #expect((1...3).map { world.evaluation($0)?.group } == ["servers", nil, nil])
        world.report(Draft.machine(4, certificate: Certificate(key: "named", number: "3", name: "vault")))
        #expect(world.evaluation(4)?.group == nil, "a certificate's name is no tag of operators")
    }
}
