import PostureModel
import ScorerModel
import TestSupport

@testable import DeviceIdentity
@testable import Scoring

/// What operators do.
extension World {
    /// Assigns an identifier by value.
    @discardableResult
    mutating func assign(_ number: Int, _ kind: Identifier.Kind, _ value: String, force: Bool = true) -> Bool {
        guard let identifier = Identifier(kind, value), record(number)?.retiredAt == nil else { return false }
        return assign(number, [identifier], force: force)
    }

    /// Resolves the conflicts of a device.
    mutating func resolve(_ number: Int) {
        guard let record = record(number), record.retiredAt == nil else { return }
        assign(number, record.contested, force: true)
    }

    @discardableResult
    private mutating func assign(_ number: Int, _ identifiers: Set<Identifier>, force: Bool) -> Bool {
        guard let record = record(number) else { return false }
        let decision = record.assigning(identifiers, over: snapshot, force: force, at: now)
        guard case .assigned(_, let claims) = decision else { return false }
        apply([.device(record)] + claims.map(Change.claims))
        for other in assigned.keys { assigned[other]?.subtract(identifiers) }
        assigned[number, default: []].formUnion(identifiers)
        told.assign(identifiers, to: number, at: now)
        return true
    }

    mutating func unassign(_ number: Int, _ identifier: Identifier) {
        guard let set = record(number)?.withdrawingAssignment(of: identifier, over: snapshot) else { return }
        apply([.claims(set)])
        assigned[number]?.remove(identifier)
        told.unassign(identifier, from: number, stays: drafts[number]?.identifiers.contains(identifier) == true)
    }

    mutating func tag(_ number: Int, _ name: String) {
        apply([.tag(SampleDevice.id(number), [DeviceTag(name, .operators)])])
    }

    /// Blocks a device with everything that it holds.
    mutating func block(_ number: Int) {
        guard let record = record(number) else { return }
        let input = input(record)
        let keys = record.keysToBlock(
            keyOnly: false,
            verdicts: input.map { policy.verdicts(of: $0, trust: trust, at: now) } ?? [],
            heldKeys: input.map { policy.heldKeys(of: $0, at: now) } ?? []
        )
        let changes = keys.map { key in
            Change.block(
                Block(
                    kind: key.kind,
                    value: key.value,
                    device: record.device,
                    reason: "stolen",
                    createdBy: "anna",
                    createdAt: now
                )
            )
        }
        apply(changes)
    }

    mutating func unblock(_ number: Int) { apply([.unblock(SampleDevice.id(number))]) }

    /// Clears the alarms of a device.
    mutating func clear(_ number: Int) {
        guard var record = record(number) else { return }
        record.continuity?.beginAnew()
        apply([.device(record), .clearNotices(record.device)])
    }

    /// Replaces a device by another one.
    mutating func replace(_ old: Int, by new: Int) {
        guard old != new, let record = record(old), record.retiredAt == nil, self.record(new)?.retiredAt == nil else {
            return
        }
        apply(record.replaced(by: SampleDevice.id(new), over: snapshot, at: now))
        let inherited = assigned[old] ?? []
        for other in assigned.keys { assigned[other]?.subtract(inherited) }
        assigned[new, default: []].formUnion(inherited)
        told.replace(old, by: new)
        assigned[old] = nil
    }
}

extension Evaluation {
    /// The points of a rule.
    func points(_ name: Rule.Name) -> Int? { rules.first { $0.name == name }?.points }
}

extension Policy {
    /// A policy by which a device without a certificate has some points, and one with a certificate all.
    static let lawful: Policy = {
        var policy = Policy.standard
        policy.rules = [
            .certificateProven: Rule(points: 40), .certificatePresent: Rule(points: 20), .reportFresh: Rule(points: 40),
        ]
        return policy
    }()
}
