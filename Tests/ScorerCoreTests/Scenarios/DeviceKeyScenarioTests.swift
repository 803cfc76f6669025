import OpenSSLBridge
import PostureModel
import ScorerModel
import ScorerStore
import ScorerTestSupport
import Testing
import Verification

@testable import DeviceIdentity
@testable import SQLiteStore
@testable import ScorerCore
@testable import Scoring

/// The scenarios of docs/identity.md about device keys, through a whole scorer.
@Suite("A device's key is one machine's")
struct DeviceKeyScenarioTests {
    @Test("one device key on two machines: both 0 from the first return, until the alarm is cleared")
    func copiedDeviceKey() async throws {
        let world = try await IdentityWorld()
        var first = try Machine(1, proof: world.certificate())
        try await world.enrol(&first)
        var second = first
        second.reboot(at: world.clock.now)
        for _ in 0..<2 {
            world.pass(300)
            #expect(try await world.report(&first) == 100)
        }
        #expect(try await world.report(&second) == 0)
        #expect(try await world.report(&first) == 0)
        #expect(try await world.score(first.row()) == 0)
        #expect(try await world.notices(of: first) == [.deviceKeyCopied])
    }

    @Test("a lost answer, and one that is lost again and again, is no return")
    func lostAnswers() async throws {
        let world = try await IdentityWorld()
        var laptop = try Machine(1, proof: world.certificate())
        try await world.enrol(&laptop)
        for round in 0..<12 {
            world.pass(300)
            #expect(try await world.report(&laptop, losingAnswer: round % 4 != 3) == 100)
            if round % 5 == 0 { laptop.reboot(at: world.clock.now) }
        }
        #expect(try await world.notices(of: laptop).isEmpty)
    }

    @Test("a memory snapshot that is restored: shown once in a day, an alarm the second time")
    func snapshot() async throws {
        let world = try await IdentityWorld()
        var machine = try Machine(1, proof: world.certificate())
        try await world.enrol(&machine)
        let (saved, savedAt) = (machine, world.clock.now)
        for _ in 0..<3 {
            world.pass(300)
            try await world.report(&machine)
        }
        func restore() {
            machine = saved
            // The clock that counts its running time stood still.
            machine.booted = saved.booted.adding(seconds: world.clock.now.seconds(since: savedAt))
        }
        restore()
        #expect(try await world.report(&machine) == 100)
        #expect(try await world.notices(of: machine) == [.snapshotRestored])
        world.pass(300)
        #expect(try await world.report(&machine) == 100)
        world.pass(3600)
        restore()
        #expect(try await world.report(&machine) == 0)
        #expect(try await world.notices(of: machine) == [.snapshotRestored, .deviceKeyCopied])
    }

    @Test("a copy beside its owner, whose time ran on: the alarm at the first return, whichever of them that is")
    func copyBesideOwner() async throws {
        let world = try await IdentityWorld()
        var owner = try Machine(1, proof: world.certificate())
        try await world.enrol(&owner)
        var thief = owner
        world.pass(600)
        #expect(try await world.report(&owner) == 100)
        #expect(try await world.report(&thief) == 100, "the answer to the newest report may be lost")
        #expect(try await world.report(&owner) == 0)
        #expect(try await world.report(&thief) == 0)
    }

    @Test("a scorer whose database was put back believes receipts that it gave since")
    func restoredDatabase() async throws {
        let world = try await IdentityWorld()
        var laptop = try Machine(1, proof: world.certificate())
        try await world.enrol(&laptop)
        let earlier = try #require(try await world.store.record(of: laptop.device.id))
        for _ in 0..<3 {
            world.pass(300)
            try await world.report(&laptop)
        }
        var record = try #require(try await world.store.record(of: laptop.device.id))
        record.continuity = earlier.continuity
        _ = try await world.store.commit([.device(record)])
        world.pass(300)
        #expect(try await world.report(&laptop) == 100)
        laptop.receipt = "99.AAAAAAAAAAAAAAAAAAAAAA"
        #expect(try await world.report(&laptop) == 0, "a receipt that is made up is a return")
    }

    @Test("a device key that is replaced: the answer lost and the message repeated make one record")
    func replacedDeviceKey() async throws {
        let world = try await IdentityWorld()
        var laptop = try Machine(1, proof: world.certificate())
        try await world.enrol(&laptop)
        let new = try PrivateKey.generate(.p256)
        for _ in 0..<2 { try await world.replaceKey(of: laptop, by: new) }
        let record = try #require(try await world.store.record(of: laptop.device.id))
        #expect(record.key == new.publicKey.jwk && record.replacedKeys == [laptop.device.key.publicKey.jwk])
        #expect(record.notices.isEmpty)
        await #expect(throws: Problem.byReplacedKey) { try await world.report(&laptop) }
        #expect(try await world.notices(of: laptop) == [.deviceKeyCopied])
        #expect(try await world.score(laptop.row()) == 0)
    }
}
