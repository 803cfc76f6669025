import PostureModel
import ScorerModel
import TestSupport
import Testing

@testable import DeviceIdentity

@Suite("What a report changes of its device")
struct IngestDecisionTests {
    var fleet: Fleet

    init() {
        fleet = Fleet()
        fleet.register(1...2)
    }

    @Test("is nothing where the device is not known")
    func unknown() {
        let report = SampleDevice.verified(3, nonce: 1)
        #expect(throws: IngestRefusal.unknownDevice) { try decide(report, receivedAt: Fleet.now, over: fleet.snapshot) }
    }

    @Test("is nothing where its nonce, or a newer one, was there", arguments: [10, 9, -1_000_000])
    mutating func stale(nonce: Int64) throws {
        try fleet.accept(SampleDevice.verified(1, nonce: 10))
        let (snapshot, late) = (fleet.snapshot, SampleDevice.verified(1, nonce: nonce))
        #expect(throws: IngestRefusal.stale) { try decide(late, receivedAt: Fleet.now, over: snapshot) }
        try fleet.accept(SampleDevice.verified(1, nonce: 11))
        try fleet.accept(SampleDevice.verified(2, nonce: nonce), after: 1)
    }

    @Test("is not locked out by a nonce that a clock far ahead let in, but by one that is ahead a little")
    mutating func clockSetBack() throws {
        let hour: Int64 = 3_600_000_000
        try fleet.accept(SampleDevice.verified(1, nonce: hour))
        let (snapshot, report) = (fleet.snapshot, SampleDevice.verified(1, nonce: 0))
        #expect(throws: IngestRefusal.stale) { try decide(report, receivedAt: Fleet.now, over: snapshot) }
        try fleet.accept(SampleDevice.verified(1, nonce: hour + 1))
        try fleet.accept(report)
        #expect(fleet.record(1)?.newest?.nonceIssuedAt == Fleet.now)
    }

    @Test("is its newest report, with what lists show and the certificates that it proves")
    mutating func record() throws {
        let before = try #require(fleet.record(1))
        let chain = [
            ChainLink(issuerKey: "issuing", serialNumber: "a"), ChainLink(issuerKey: "root", serialNumber: "1"),
        ]
        let checks = [
            CheckVerdict(id: "corp", level: .proven, reason: "", chain: chain),
            CheckVerdict(
                id: "vpn",
                level: .keyPresent,
                reason: "",
                chain: [ChainLink(issuerKey: "x", serialNumber: "2")]
            ),
        ]
        let report = SampleDevice.verified(
            1,
            nonce: 1,
            serial: "PF0FAKE1",
            warpIDs: ["w1"],
            checks: checks,
            bootID: "b"
        )
        let decision = try fleet.accept(report, after: 5)
        var expected = before
        expected.newest = StoredReport(report, receivedAt: Fleet.now.adding(seconds: 5))
        expected.listing = DeviceListing(
            hostname: "laptop-1",
            serial: "PF0FAKE1",
            operatingSystem: "debian 12",
            agent: "postured/test"
        )
        expected.serial = "pf0fake1"
        expected.provenCertificates = [chain[0]]
        (expected.boots.ids, expected.boots.news) = (["b"], [Fleet.now.adding(seconds: 5).microseconds])
        expected.claims = fleet.held(by: expected.device)
        #expect(decision.record == expected)
        #expect(decision.events == IdentityEvents())
    }

    @Test(
        "keeps the last good serial number, and the certificates that were proven last",
        arguments: [nil, "None", "0"]
    )
    mutating func kept(serial: String?) throws {
        let line = [ChainLink(issuerKey: "issuing", serialNumber: "a")]
        fleet.expect("pf0fake1", nil)
        try fleet.accept(
            SampleDevice.verified(
                1,
                nonce: 1,
                serial: "PF0FAKE1",
                checks: [CheckVerdict(id: "corp", level: .proven, reason: "", chain: line)]
            )
        )
        let record = try fleet.accept(SampleDevice.verified(1, nonce: 2, serial: serial)).record
        #expect(record.serial == "pf0fake1" && record.listing.serial == nil && record.provenCertificates == line)
        #expect(record.inventory?.serial == "pf0fake1")
        #expect(fleet.holder(.serial, "pf0fake1") == SampleDevice.id(1))
        let next = try fleet.accept(SampleDevice.verified(1, nonce: 3, serial: "PF0FAKE2")).record
        #expect(next.serial == "pf0fake2" && next.inventory == nil)
    }

    @Test("is decided from the blocks of what it shows, too: the device is covered by them from this report on")
    mutating func blocks() throws {
        let chain = [ChainLink(issuerKey: "k", serialNumber: "01"), ChainLink(issuerKey: "ca", serialNumber: "9")]
        let checks = [CheckVerdict(id: "corp", level: .keyPresent, reason: "", chain: chain)]
        let report = SampleDevice.verified(1, nonce: 1, serial: "PF0FAKE1", checks: checks)
        let request = Snapshot.Request(for: report)
        #expect(request.devices == [SampleDevice.id(1)])
        #expect(request.identifiers.map(\.value).sorted() == ["laptop-1", "pf0fake1"])
        #expect(request.blockKeys == [Block.Key(.serial, "pf0fake1"), Block.Key(.certificate, "k:01")])
        var snapshot = fleet.snapshot
        snapshot.blocks = [Block.Kind.serial, .certificate, .device].map {
            Block(
                kind: $0,
                value: ["serial": "pf0fake1", "certificate": "k:01", "device": "other"][$0.rawValue] ?? "",
                device: SampleDevice.id(9),
                reason: "stolen",
                createdBy: "alice",
                createdAt: Fleet.now
            )
        }
        let record = try decide(report, receivedAt: Fleet.now, over: snapshot).record
        #expect(record.blocks.map(\.kind) == [.certificate, .serial])
    }

    @Test("is committed on condition that the inventory has not moved, where it changes who has the serial number")
    mutating func changes() throws {
        fleet.expect("pf0fake1", "a.test")
        let reports = (1...2).map { SampleDevice.verified(1, nonce: $0, serial: "PF0FAKE1") }
        let first = try fleet.accept(reports[0])
        let claims = first.claims.map(Change.claims)
        let condition = Change.requireExpectation(serial: "pf0fake1", certificateName: "a.test")
        #expect(first.changes(names: []) == [.report(first.record, names: [])] + claims + [condition])
        let second = try fleet.accept(reports[1])
        let name = try #require(DeviceName(.hostname, "a"))
        #expect(second.changes(names: [name]) == [.report(second.record, names: [name])])
        let other = try fleet.accept(SampleDevice.verified(2, nonce: 1, serial: "PF0FAKE2"))
        #expect(other.changes(names: []).last == .requireExpectation(serial: "pf0fake2", certificateName: nil))
        let gone = try fleet.accept(SampleDevice.verified(2, nonce: 2, serial: "PF0FAKE2", warpIDs: ["w1"]))
        #expect(gone.changes(names: []).count == 2)
    }

    @Test("changes no claims when it claims what it did before")
    mutating func unchanged() throws {
        let reports = (1...2).map { SampleDevice.verified(1, nonce: $0, serial: "PF0FAKE1", warpIDs: ["w1"]) }
        #expect(try fleet.accept(reports[0]).claims.count == 3)
        let decision = try fleet.accept(reports[1], after: 60)
        #expect(decision.claims == [] && decision.events == IdentityEvents())
        #expect(fleet.set(.warp, "w1").claims.map(\.since) == [Fleet.now], "since the first report")
    }
}
