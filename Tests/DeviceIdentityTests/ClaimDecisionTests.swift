import PostureModel
import ScorerModel
import TestSupport
import Testing

@testable import DeviceIdentity

@Suite("An identifier that several devices claim")
struct ClaimDecisionTests {
    static let serial = "PF0FAKE1"
    var fleet: Fleet

    init() {
        fleet = Fleet()
        fleet.register(1...30)
    }

    /// How well a claim of the serial number can be founded, from least to most.
    enum Foundation: Int, CaseIterable, Sendable {
        case reported, proven, carried, expected

        var verdicts: [CheckVerdict] {
            switch self {
            case .reported: []
            case .proven: [CheckVerdict(id: "corp", level: .proven, reason: "", commonName: "someone")]
            case .carried:
                [
                    CheckVerdict(
                        id: "corp",
                        level: .proven,
                        reason: "",
                        bound: ["serial_number": serial],
                        commonName: "other"
                    )
                ]
            case .expected: [CheckVerdict(id: "corp", level: .proven, reason: "", commonName: "machine-7.example.test")]
            }
        }
    }

    @discardableResult
    mutating func report(_ device: Int, _ foundation: Foundation, nonce: Int64) throws -> IdentityEvents {
        let checks = foundation.verdicts
        let report = SampleDevice.verified(
            device,
            nonce: nonce,
            serial: Self.serial,
            checks: checks,
            hostname: "host-\(device)"
        )
        return try fleet.accept(report, after: nonce).events
    }

    var holder: DeviceID? { fleet.holder(.serial, "pf0fake1") }
    var serial: Identifier { Identifier(stored: .serial, "pf0fake1") }

    @Test(
        "is held by the stronger claim, and of two as strong by the first",
        arguments: [Foundation.reported, .proven, .carried],
        [Foundation.reported, .proven, .carried]
    )
    mutating func strengths(first: Foundation, second: Foundation) throws {
        #expect(try report(1, first, nonce: 1) == IdentityEvents())
        let events = try report(2, second, nonce: 2)
        let isTaken = second.rawValue > first.rawValue
        #expect(events.taken == (isTaken ? [serial] : []))
        #expect(events.refused == (isTaken ? [] : [serial]))
        #expect(holder == SampleDevice.id(isTaken ? 2 : 1))
        #expect(fleet.record(1)?.claim(to: serial)?.isHeld == !isTaken)
        #expect(fleet.record(2)?.claim(to: serial)?.isHeld == isTaken)
        #expect(try report(2, second, nonce: 3) == IdentityEvents(), "operators are told once")
    }

    @Test("stays with the device that claimed it first, each kind by itself")
    mutating func firstClaimant() throws {
        try fleet.accept(SampleDevice.verified(1, nonce: 1, serial: "PF0FAKE1", warpIDs: ["w1"]))
        let events = try fleet.accept(SampleDevice.verified(2, nonce: 2, serial: "pf0fake1", warpIDs: ["W1", "w2"]))
            .events
        #expect(events.refused == [Identifier(stored: .warp, "w1"), serial])
        #expect(holder == SampleDevice.id(1) && fleet.holder(.warp, "w1") == SampleDevice.id(1))
        #expect(fleet.holder(.warp, "w2") == SampleDevice.id(2))
    }

    @Test("is free again once its device reports another")
    mutating func freed() throws {
        try fleet.accept(SampleDevice.verified(1, nonce: 1, serial: "PF0FAKE1"))
        try fleet.accept(SampleDevice.verified(1, nonce: 2, serial: "PF0FAKE2"))
        #expect(holder == nil, "a device has one serial number at a time")
        #expect(fleet.holder(.serial, "pf0fake2") == SampleDevice.id(1))
        #expect(try fleet.accept(SampleDevice.verified(2, nonce: 3, serial: "PF0FAKE1")).events == IdentityEvents())
        #expect(holder == SampleDevice.id(2))
    }

    @Test("of WARP is one of a set, which is kept where a report has none")
    mutating func warpSet() throws {
        try fleet.accept(SampleDevice.verified(1, nonce: 1, warpIDs: ["w1", "w2"]))
        try fleet.accept(SampleDevice.verified(1, nonce: 2, warpIDs: ["w2", "w3"]))
        for (id, holder) in [("w1", nil), ("w2", SampleDevice.id(1)), ("w3", SampleDevice.id(1))] {
            #expect(fleet.holder(.warp, id) == holder)
        }
        try fleet.accept(SampleDevice.verified(1, nonce: 3))
        #expect(fleet.record(1)?.claims(.warp).map(\.claim.identifier.value) == ["w2", "w3"])
    }

    @Test("stays held when what it was held by is gone")
    mutating func neverWeaker() throws {
        for (nonce, device, foundation) in [(1, 1, .carried), (2, 1, .reported), (3, 2, .carried)]
            as [(Int64, Int, Foundation)]
        {
            try report(device, foundation, nonce: nonce)
        }
        #expect(holder == SampleDevice.id(1))
    }

    @Test("is not that of a device that was first, and as strong only later")
    mutating func lateRise() throws {
        try report(1, .reported, nonce: 1)
        for (nonce, device) in [(2, 2), (3, 1)] as [(Int64, Int)] {
            try report(device, .proven, nonce: nonce)
            #expect(holder == SampleDevice.id(2))
        }
    }

    @Test("belongs to the device that the inventory names, whatever others can show")
    mutating func inventory() throws {
        try report(1, .carried, nonce: 1)
        fleet.expect("pf0fake1", "machine-7.example.test")
        #expect(try report(1, .carried, nonce: 2).refused == [serial], "its certificate is another")
        #expect(holder == nil && fleet.set(.serial, "pf0fake1").claims.map(\.strength) == [.contradicted])
        #expect(try report(1, .carried, nonce: 3) == IdentityEvents())
        #expect(try report(2, .expected, nonce: 4) == IdentityEvents())
        #expect(holder == SampleDevice.id(2))
        #expect(try report(3, .carried, nonce: 5).refused == [serial])
        try report(2, .reported, nonce: 6)
        #expect(holder == SampleDevice.id(2), "its certificate may expire")
    }

    @Test("is not confirmed any more by an inventory that has another certificate for it since")
    mutating func inventoryChanged() throws {
        func strength() -> ClaimStrength? { fleet.set(.serial, "pf0fake1").claims.first?.strength }
        fleet.expect("pf0fake1", "machine-7.example.test")
        try report(1, .expected, nonce: 1)
        #expect(strength() == .expected)
        fleet.expect("pf0fake1", "machine-8.example.test")
        #expect(strength() == .reported)
        #expect(fleet.set(.serial, "pf0fake1").claims.first?.since == Fleet.now.adding(seconds: 1))
        try report(1, .expected, nonce: 2)
        #expect(strength() == .contradicted)
    }

    @Test("is remembered for sixteen devices, and a stronger claim still finds room")
    mutating func crowd() throws {
        for device in 1...20 {
            let events = try report(device, .reported, nonce: Int64(device))
            #expect(events.refused == (device == 1 ? [] : [serial]))
        }
        #expect(fleet.set(.serial, "pf0fake1").claims.map(\.device) == (1...16).map(SampleDevice.id))
        #expect(fleet.record(17)?.claim(to: serial) == nil)
        #expect(try report(17, .reported, nonce: 21).refused == [serial], "it is not remembered that it asked")
        let events = try report(21, .carried, nonce: 22)
        #expect(events.taken == [serial] && events.refused == [])
        #expect(
            fleet.set(.serial, "pf0fake1").claims.map(\.device) == [21].map(SampleDevice.id)
                + (1...15).map(SampleDevice.id)
        )
        #expect(fleet.record(16)?.claim(to: serial) == nil)
        try report(1, .proven, nonce: 23)
        #expect(fleet.set(.serial, "pf0fake1").claims.count == 16, "one that is there needs no room")
    }
}
