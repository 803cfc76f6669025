import PostureModel
import ScorerModel
import TestSupport
import Testing

@testable import DeviceIdentity

@Suite("What operators decide of a device")
struct OperatorDecisionTests {
    var fleet: Fleet

    init() {
        fleet = Fleet()
        fleet.register(1...20)
    }

    let carrying = [CheckVerdict(id: "corp", level: .proven, reason: "", bound: ["serial_number": "PF0FAKE1"])]

    mutating func report(_ device: Int, nonce: Int64, checks: [CheckVerdict] = []) throws {
        try fleet.accept(
            SampleDevice.verified(device, nonce: nonce, serial: "PF0FAKE1", checks: checks, hostname: "host-\(device)")
        )
    }

    var holder: DeviceID? { fleet.holder(.serial, "pf0fake1") }

    @Test("is that identifiers are its own, until they say otherwise")
    mutating func assigned() throws {
        try report(1, nonce: 1, checks: carrying)
        try report(2, nonce: 2)
        #expect(fleet.assign(2, force: false) == .heldByOthers([SampleDevice.id(1)]))
        #expect(holder == SampleDevice.id(1))
        for device in [2, 1, 2] {
            guard case .assigned(let identifiers, let claims) = fleet.assign(device, force: true, after: 9) else {
                Issue.record("not assigned")
                return
            }
            #expect(identifiers.map(\.value) == ["host-\(device)", "pf0fake1"])
            #expect(claims.allSatisfy { $0.holder == SampleDevice.id(device) })
            #expect(holder == SampleDevice.id(device))
        }
        let claims = fleet.set(.serial, "pf0fake1").claims
        #expect(claims.map(\.strength) == [.assigned, .expected])
        #expect(claims.map(\.since) == [Fleet.now, Fleet.now], "as long as they have been there")
        try report(1, nonce: 3, checks: carrying)
        #expect(holder == SampleDevice.id(2))
        guard case .assigned(_, let again) = fleet.assign(2, force: true) else {
            Issue.record("not assigned")
            return
        }
        #expect(again == [], "nothing changes")
    }

    @Test("needs no force where the others only report it")
    mutating func unforced() throws {
        try report(1, nonce: 1, checks: [CheckVerdict(id: "corp", level: .proven, reason: "")])
        try report(2, nonce: 2)
        guard case .assigned = fleet.assign(2, force: false) else {
            Issue.record("not assigned")
            return
        }
        #expect(holder == SampleDevice.id(2))
        #expect(fleet.assign(1, force: false) == .heldByOthers([SampleDevice.id(2)]))
    }

    @Test("may be of what its newest report says and finds no room, or of what it claimed before")
    mutating func inACrowd() throws {
        for device in 1...17 { try report(device, nonce: Int64(device)) }
        #expect(fleet.record(17)?.claims(.serial).isEmpty == true)
        fleet.assign(17, force: false, after: 99)
        #expect(holder == SampleDevice.id(17))
        #expect(fleet.set(.serial, "pf0fake1").claim(of: SampleDevice.id(17))?.since == Fleet.now.adding(seconds: 99))
        try fleet.accept(SampleDevice.verified(1, nonce: 99, hostname: "other"))
        fleet.assign(1, force: true)
        #expect(holder == SampleDevice.id(1), "it still claims the serial number, which the report lacks")
    }

    @Test("leaves none of its claims when it is deleted, and those of others as they are")
    mutating func withdrawn() throws {
        try report(1, nonce: 1)
        try report(2, nonce: 2)
        let snapshot = fleet.snapshot
        let sets = try #require(fleet.record(1)).withdrawingClaims(over: snapshot)
        #expect(sets.map(\.identifier.value) == ["host-1", "pf0fake1"])
        #expect(sets.map(\.claims.count) == [0, 1])
        fleet.delete(1)
        #expect(holder == SampleDevice.id(2) && fleet.holder(.hostname, "host-1") == nil)
        #expect(fleet.held(by: SampleDevice.id(1)) == [])
    }

    @Test("is only reported once the inventory does not expect its certificate")
    func withoutExpectation() {
        let identifier = Identifier(stored: .serial, "pf0fake1")
        func set(_ strengths: [ClaimStrength]) -> ClaimSet {
            ClaimSet(
                identifier,
                version: 7,
                claims: zip(1..., strengths).map {
                    Claim(
                        identifier: identifier,
                        device: SampleDevice.id($0),
                        strength: $1,
                        since: Fleet.now.adding(seconds: Int64($0))
                    )
                }
            )
        }
        #expect(set([.expected, .carried, .expected]).withoutExpectation == set([.reported, .carried, .reported]))
        for strength in ClaimStrength.allCases where strength != .expected {
            #expect(set([strength]).withoutExpectation == set([strength]))
        }
    }

    @Test("is blocked by its key, the certificates that it proved and the serial number that it holds")
    mutating func blockKeys() throws {
        let (leaf, shown) = (
            ChainLink(issuerKey: "k", serialNumber: "01"), ChainLink(issuerKey: "k", serialNumber: "02")
        )
        let key = Block.Key(.device, SampleDevice.id(1).rawValue)
        #expect(fleet.record(1)?.blockKeys(keyOnly: false) == [key])
        let checks = [
            CheckVerdict(
                id: "a",
                level: .proven,
                reason: "",
                chain: [leaf, ChainLink(issuerKey: "ca", serialNumber: "9")]
            ),
            CheckVerdict(id: "b", level: .keyPresent, reason: "", chain: [shown]),
        ]
        try report(1, nonce: 1, checks: checks)
        let (certificate, serial) = (Block.Key(.certificate, "k:01"), Block.Key(.serial, "pf0fake1"))
        #expect(fleet.record(1)?.blockKeys(keyOnly: false) == [key, certificate, serial])
        #expect(fleet.record(1)?.blockKeys(keyOnly: true) == [key])
        #expect(
            fleet.record(1).map { Set($0.blockKeys) } == [key, serial, certificate, Block.Key(.certificate, "k:02")]
        )
        try report(2, nonce: 2, checks: carrying)
        #expect(fleet.record(1)?.blockKeys(keyOnly: false) == [key, certificate], "it does not hold it any more")
        try report(1, nonce: 3)
        #expect(fleet.record(1)?.blockKeys(keyOnly: false) == [key, certificate], "it proved it before")
    }
}
