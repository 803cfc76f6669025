import OpenSSLBridge
import PostureModel
import ScorerModel
import ScorerStore
import ScorerTestSupport
import TestSupport
import Testing
import Verification

@testable import DeviceIdentity
@testable import SQLiteStore
@testable import ScorerCore
@testable import Scoring

@Suite("Receipts of before a clone alarm was cleared")
struct OldReceiptTests {
    @Test("are returns: the thief's copy scores 0 at its first report after the clearing")
    func afterClearing() async throws {
        let world = try await IdentityWorld()
        var owner = try Machine(1, proof: world.certificate())
        try await world.enrol(&owner)
        for _ in 0..<5 {
            world.pass(300)
            try await world.report(&owner)
        }
        var thief = owner
        for _ in 0..<2 {
            world.pass(300)
            try await world.report(&owner)
        }
        #expect(try await world.report(&thief) == 0)
        let operators = world.operators
        _ = try await operators.clearNotices(owner.device.id.rawValue)
        world.pass(300)
        #expect(try await world.report(&owner) == 100)
        world.pass(300)
        #expect(try await world.report(&thief) == 0, "a receipt of before is no sign of a restored database")
        #expect(!world.log.text.contains("was it restored from a backup"))
    }

    @Test("and a device that retired and registers again gets no receipt that it got before")
    func numbers() async throws {
        let world = try await IdentityWorld()
        var machine = try Machine(1, proof: world.certificate())
        try await world.enrol(&machine)
        let first = machine.receipt
        try await world.retire(machine)
        try await world.register(machine)
        try await world.report(&machine)
        #expect(machine.receipt != first)
    }
}
