import PostureModel
import ScorerModel
import TestSupport

@testable import DeviceIdentity

/// Devices and claims in memory, to which decisions are applied as a store applies them.
struct Fleet {
    static let now = SampleDevice.now

    private(set) var records: [DeviceID: DeviceRecord] = [:]
    private(set) var claims: [Identifier: ClaimSet] = [:]
    private(set) var inventory: [String: InventoryItem] = [:]

    // MARK: What a store does

    /// Everything, as one snapshot.
    var snapshot: Snapshot {
        var snapshot = Snapshot()
        (snapshot.claims, snapshot.inventory) = (claims, inventory)
        for (device, record) in records {
            snapshot.records[device] = record
            snapshot.records[device]?.claims = held(by: device)
            snapshot.records[device]?.inventory = record.serial.flatMap { inventory[$0] }
        }
        return snapshot
    }

    /// What a device claims, as the sets of claims have it.
    func held(by device: DeviceID) -> [DeviceRecord.HeldClaim] {
        claims.values.compactMap { set in
            set.claim(of: device).map { DeviceRecord.HeldClaim($0, holder: set.holder) }
        }.sorted { $0.claim.identifier < $1.claim.identifier }
    }

    mutating func apply(_ changed: [ClaimSet]) {
        for set in changed { claims[set.identifier] = set.claims.isEmpty ? nil : set }
    }

    // MARK: What happens

    mutating func register(_ numbers: ClosedRange<Int>) {
        for number in numbers {
            let id = SampleDevice.id(number)
            records[id] = DeviceRecord(
                device: id,
                key: SampleDevice.key(number),
                registeredAt: Self.now,
                registeredBy: .token(hash: "t"),
                version: 1
            )
        }
    }

    @discardableResult
    mutating func accept(_ report: VerifiedReport, after seconds: Int64 = 0) throws -> IngestDecision {
        let decision = try decide(report, receivedAt: Self.now.adding(seconds: seconds), over: snapshot)
        records[decision.record.device] = decision.record
        apply(decision.claims)
        return decision
    }

    @discardableResult
    mutating func assign(_ number: Int, force: Bool, after seconds: Int64 = 0) -> AssignmentDecision? {
        let snapshot = snapshot
        guard let record = snapshot.records[SampleDevice.id(number)] else { return nil }
        let report = record.newest.flatMap { try? $0.verified().report }
        let now = Self.now.adding(seconds: seconds)
        let decision = record.assigningClaims(of: report, over: snapshot, force: force, at: now)
        if case .assigned(_, let claims) = decision { apply(claims) }
        return decision
    }

    mutating func delete(_ number: Int) {
        let (id, snapshot) = (SampleDevice.id(number), snapshot)
        guard let record = snapshot.records[id] else { return }
        apply(record.withdrawingClaims(over: snapshot))
        records[id] = nil
    }

    /// Imports one line.
    mutating func expect(_ serial: String, _ certificateName: String?) {
        if let line = inventory[serial], line.certificateName != certificateName,
            let set = claims[Identifier(stored: .serial, serial)]
        {
            apply([set.withoutExpectation])
        }
        inventory[serial] = InventoryItem(serial: serial, certificateName: certificateName, tag: nil)
    }

    func record(_ number: Int) -> DeviceRecord? { snapshot.records[SampleDevice.id(number)] }

    func set(_ kind: Identifier.Kind, _ value: String) -> ClaimSet {
        let identifier = Identifier(stored: kind, value)
        return claims[identifier] ?? ClaimSet(identifier)
    }

    func holder(_ kind: Identifier.Kind, _ value: String) -> DeviceID? { set(kind, value).holder }
}
