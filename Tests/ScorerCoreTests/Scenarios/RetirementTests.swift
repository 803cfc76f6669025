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

@Suite("A retirement by a thief")
struct RetirementTests {
    @Test("with both keys is noticed as soon as the owner's agent registers again, and names both devices")
    func bothKeys() async throws {
        let world = try await IdentityWorld()
        var owner = try Machine(1, proof: world.certificate())
        try await world.enrol(&owner)
        let copy = owner
        world.pass(300)
        try await world.report(&owner)
        // The thief has a device of his own, by the certificate that he stole, and retires the owner's.
        var thief = try Machine(2, proof: owner.proof)
        try await world.registerByCertificate(thief)
        try await world.report(&thief)
        try await world.retire(copy)
        world.pass(300)
        try await world.report(&thief)
        await #expect(throws: Problem.self) { try await world.report(&owner) }
        try await world.registerByCertificate(owner)
        let notices = try #require(try await world.store.record(of: owner.device.id)).notices
        #expect(notices.map(\.kind) == [.certificateKeyReturned])
        #expect(notices.map(\.other) == [thief.device.id.rawValue])
        #expect(world.log.text.contains("a certificate's key is used by two machines"))
        // An operator decides for the owner.
        try await world.report(&owner)
        _ = try await world.operators.resolveConflicts(owner.device.id.rawValue, force: false)
        #expect(try await world.report(&owner) == 100)
        #expect(try await world.report(&thief) <= 50)
    }

    @Test("is refused while two machines have the device's key")
    func afterAlarm() async throws {
        let world = try await IdentityWorld()
        var owner = try Machine(1, proof: world.certificate())
        try await world.enrol(&owner)
        var copy = owner
        for _ in 0..<2 {
            world.pass(300)
            try await world.report(&owner)
        }
        #expect(try await world.report(&copy) == 0)
        let thiefs = copy
        await #expect(throws: Problem.self) { try await world.retire(thiefs) }
        var thief = try Machine(2, proof: owner.proof)
        try await world.registerByCertificate(thief)
        #expect(try await world.report(&thief) <= 50)
        #expect(try await world.score(thief.row()) <= 50)
    }

    @Test("by a copy of before the newest report is refused, and raises the clone alarm; so is a key replacement")
    func byCopy() async throws {
        for isReplacement in [false, true] {
            let world = try await IdentityWorld()
            var owner = try Machine(1, proof: world.certificate())
            try await world.enrol(&owner)
            let copy = owner
            for _ in 0..<2 {
                world.pass(300)
                try await world.report(&owner)
            }
            await #expect(throws: Problem.self) {
                if isReplacement {
                    try await world.replaceKey(of: copy, by: PrivateKey.generate(.p256))
                } else {
                    try await world.retire(copy)
                }
            }
            #expect(try await world.notices(of: owner) == [.deviceKeyCopied])
            let record = try #require(try await world.store.record(of: owner.device.id))
            #expect(record.retiredAt == nil && record.replacedKeys.isEmpty)
        }
    }

    @Test("of a machine that is installed again is no conflict")
    func honest() async throws {
        let world = try await IdentityWorld()
        var machine = try Machine(1, proof: world.certificate())
        try await world.enrol(&machine)
        for _ in 0..<2 {
            try await world.retire(machine)
            (machine.device, machine.receipt) = (try TestDevice(), nil)
            try await world.enrol(&machine)
            #expect(try await world.score(machine.row()) == 100)
        }
        #expect(try await world.notices(of: machine).isEmpty)
        #expect(try await world.operators.conflicts(limit: 10).isEmpty)
    }

    @Test("or before a block frees nothing that the block would have covered")
    func beforeBlock() async throws {
        let world = try await IdentityWorld(names: "${serial_number}.acme.test")
        var stolen = try Machine(1, proof: world.certificate("PF0FAKE1.acme.test"))
        try await world.enrol(&stolen)
        try await world.retire(stolen)
        try await world.block(stolen)
        var again = stolen
        (again.device, again.receipt) = (try TestDevice(), nil)
        try await world.registerByCertificate(again)
        #expect(try await world.report(&again) == 0)
        #expect(try await world.score(again.row()) == 0)
    }
}
