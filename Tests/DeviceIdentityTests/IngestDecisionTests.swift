import PostureModel
import ScorerModel
import TestSupport
import Testing

@testable import DeviceIdentity
@testable import Scoring

@Suite("What a report changes of its device")
struct IngestDecisionTests {
    let receipt = { Receipt(number: $0, code: [1]) }

    func decision(
        _ report: VerifiedReport,
        over snapshot: Snapshot,
        after seconds: Int64 = 0
    ) throws(IngestRefusal) -> IngestDecision {
        let liveness = Liveness(at: SampleDevice.now.adding(seconds: seconds), staleAfter: 86_400)
        return try decide(report, over: snapshot, by: LinkRules(), receipt: receipt, liveness)
    }

    /// A world in which device 1 has reported with this nonce.
    func world(nonce: Int64) throws -> World {
        var world = World(devices: 1...2)
        try accept(SampleDevice.verified(1, nonce: nonce), &world)
        return world
    }

    func accept(_ report: VerifiedReport, _ world: inout World) throws {
        let changes = try decision(report, over: world.snapshot).changes(names: [])
        #expect(world.apply(changes) == .committed)
    }

    @Test("is nothing where the device is not known, or has retired")
    func unknown() throws {
        var world = World(devices: 1...1)
        let report = SampleDevice.verified(1, nonce: 1)
        let stranger = SampleDevice.verified(3, nonce: 1)
        #expect(throws: IngestRefusal.unknownDevice) { try decision(stranger, over: world.snapshot) }
        world.retire(1)
        #expect(throws: IngestRefusal.unknownDevice) { try decision(report, over: world.snapshot) }
    }

    @Test("is nothing where its nonce, or a newer one, was there", arguments: [10, 9, -1_000_000])
    func stale(nonce: Int64) throws {
        var world = try world(nonce: 10)
        let late = SampleDevice.verified(1, nonce: nonce)
        #expect(throws: IngestRefusal.stale) { try decision(late, over: world.snapshot) }
        try accept(SampleDevice.verified(1, nonce: 11), &world)
        try accept(SampleDevice.verified(2, nonce: nonce), &world)
    }

    @Test("is not locked out by a nonce that a clock far ahead let in, but by one that is ahead a little")
    func clockSetBack() throws {
        let hour: Int64 = 3_600_000_000
        var world = try world(nonce: hour)
        let report = SampleDevice.verified(1, nonce: 0)
        #expect(throws: IngestRefusal.stale) { try decision(report, over: world.snapshot) }
        try accept(SampleDevice.verified(1, nonce: hour + 1), &world)
        try accept(report, &world)
        #expect(world.record(1)?.newest?.nonceIssuedAt == SampleDevice.now)
    }

    @Test(
        "is its newest report, with what lists show, and keeps the last good serial number",
        arguments: [nil, "None"]
    )
    func record(serial: String?) throws {
        var world = World(devices: 1...1)
        world.inventory["pf0fake1"] = InventoryItem(serial: "pf0fake1", certificateName: nil, tag: nil)
        let report = SampleDevice.verified(1, nonce: 1, serial: "PF0FAKE1", warpIDs: ["w1"])
        try accept(report, &world)
        let first = try #require(world.record(1))
        #expect(first.newest == StoredReport(report, receivedAt: SampleDevice.now))
        #expect(first.listing == DeviceListing(report.report) && first.serial == "pf0fake1")
        #expect(first.reported.map(\.value) == ["pf0fake1", "w1"] && first.continuity?.answered == receipt(1))
        try accept(SampleDevice.verified(1, nonce: 2, serial: serial, warpIDs: ["w1"]), &world)
        let second = try #require(world.record(1))
        #expect(second.serial == "pf0fake1" && second.listing.serial == nil && second.inventory?.serial == "pf0fake1")
        #expect(second.claims.map(\.claim.identifier.value) == ["pf0fake1", "w1"])
        try accept(SampleDevice.verified(1, nonce: 3, serial: "PF0FAKE2", warpIDs: ["w1"]), &world)
        #expect(world.record(1)?.serial == "pf0fake2" && world.record(1)?.inventory == nil)
        #expect(world.record(1)?.claims.map(\.claim.identifier.value) == ["pf0fake2", "w1"])
    }

    @Test("ends its hold of a certificate's key once the certificate is revoked: the next device that proves it has it")
    func revokedKey() throws {
        func proving(_ device: Int, _ nonce: Int64, code: String? = nil) -> VerifiedReport {
            let verdict = CheckVerdict(
                id: "corp",
                level: code == nil ? .proven : .none,
                key: "k",
                proves: code == nil,
                reason: "",
                code: code
            )
            return SampleDevice.verified(device, nonce: nonce, checks: [verdict])
        }
        var world = World(devices: 1...2)
        try accept(proving(1, 1), &world)
        try accept(proving(2, 1), &world)
        let limit = LinkRules().devicesPerCertificate
        let liveness = Liveness(at: SampleDevice.now, staleAfter: 86_400)
        #expect(world.record(2)?.holders(insteadOfOwn: "k", limit: limit, liveness) == [SampleDevice.id(1)])
        try accept(proving(1, 2, code: "expired"), &world)
        #expect(world.record(2)?.holders(insteadOfOwn: "k", limit: limit, liveness) == [SampleDevice.id(1)])
        try accept(proving(1, 3, code: "revoked"), &world)
        #expect(world.record(2)?.holders(insteadOfOwn: "k", limit: limit, liveness) == [])
    }

    @Test("goes on from any state once an operator cleared the alarm, with numbers that were not given before")
    func clearedAlarm() throws {
        var world = try world(nonce: 1)
        try accept(SampleDevice.verified(1, nonce: 2), &world)
        var record = try #require(world.record(1))
        record.continuity?.beginAnew()
        #expect(world.apply([.device(record)]) == .committed)
        var report = SampleDevice.verified(1, nonce: 3).report
        report.receipt = "whatever"
        let odd = SampleDevice.verified(report, nonce: 3)
        try accept(odd, &world)
        #expect(world.record(1)?.notices == [] && world.record(1)?.continuity?.answered == receipt(3))
        #expect(world.record(1)?.continuity?.stretches.map(\.first) == [3])
    }

    @Test("is decided from the claims and blocks of what it carries, and of the keys that it shows")
    func request() {
        let checks = [
            CheckVerdict(id: "a", level: .proven, key: "k1", proves: true, reason: ""),
            CheckVerdict(id: "b", level: .keyPresent, key: "k2", reason: ""),
            CheckVerdict(id: "c", level: .none, reason: ""),
        ]
        let report = SampleDevice.verified(1, nonce: 1, serial: "PF0FAKE1", warpIDs: ["w1"], checks: checks)
        let request = Snapshot.Request(for: report)
        #expect(request.devices == [SampleDevice.id(1)])
        #expect(request.identifiers.map(\.value).sorted() == ["k1", "k2", "pf0fake1", "w1"])
        let kinds = request.blockKeys.map(\.kind.rawValue).sorted()
        #expect(kinds == ["certificate_key", "certificate_key", "serial", "warp"])
    }

    @Test("is committed on condition that the inventory has not moved, where it changes who has the serial number")
    func changes() throws {
        var world = World(devices: 1...1)
        world.inventory["pf0fake1"] = InventoryItem(serial: "pf0fake1", certificateName: "a.test", tag: nil)
        let report = SampleDevice.verified(1, nonce: 1, serial: "PF0FAKE1", warpIDs: ["w1"])
        let first = try decision(report, over: world.snapshot)
        let condition = Change.requireExpectation(serial: "pf0fake1", certificateName: "a.test")
        #expect(first.claims.map(\.identifier.value) == ["pf0fake1", "w1"])
        #expect(
            first.changes(names: []) == [.report(first.record, names: [])] + first.claims.map(Change.claims) + [
                condition
            ]
        )
        try accept(report, &world)
        let name = try #require(DeviceName(.hostname, "a"))
        let again = SampleDevice.verified(1, nonce: 2, serial: "PF0FAKE1", warpIDs: ["w1"])
        let second = try decision(again, over: world.snapshot, after: 60)
        #expect(
            second.changes(names: [name]) == [.report(second.record, names: [name])],
            "it claims what it did before"
        )
        #expect(second.events == IdentityEvents())
    }

    @Test("remembers sixteen certificate keys, those of the newest report among them")
    func keys() throws {
        var world = World(devices: 1...1)
        for number in 1...20 {
            world.now = world.now.adding(seconds: 1)
            world.report(Draft.machine(1, certificate: Certificate(key: "k\(number)", number: "1")))
        }
        let keys = try #require(world.record(1)).claims(.key).map(\.claim.identifier.value)
        #expect(Set(keys) == Set((5...20).map { "k\($0)" }))
    }
}
