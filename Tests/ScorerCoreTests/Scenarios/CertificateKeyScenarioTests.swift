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

/// The scenarios of docs/identity.md about certificate keys, through a whole scorer.
@Suite("A certificate's key is one machine's")
struct CertificateKeyScenarioTests {
    static let day: Int64 = 86_400

    /// Lets a day pass in which these machines report every hour.
    static func aDay(in world: IdentityWorld, _ machines: inout [Machine]) async throws {
        for _ in 0..<25 {
            world.pass(3600)
            for index in machines.indices { try await world.report(&machines[index]) }
        }
    }

    @Test("a reinstalled machine with its certificate: at once, if the old device retired")
    func reinstalledAfterRetirement() async throws {
        let world = try await IdentityWorld()
        var old = try Machine(1, proof: world.certificate())
        try await world.enrol(&old)
        try await world.retire(old)
        var new = old
        (new.device, new.receipt) = (try TestDevice(), nil)
        try await world.enrol(&new)
        #expect(try await world.score(new.row()) == 100)
        #expect(try await world.notices(of: new).isEmpty)
    }

    @Test("a reinstalled machine with its certificate: once the old device is stale, which is announced")
    func reinstalled() async throws {
        let world = try await IdentityWorld()
        var old = try Machine(1, proof: world.certificate())
        try await world.enrol(&old)
        var machines = [old]
        (machines[0].device, machines[0].receipt) = (try TestDevice(), nil)
        try await world.enrol(&machines[0])
        #expect(try await world.report(&machines[0]) <= 50)
        try await Self.aDay(in: world, &machines)
        #expect(
            try await world.report(&machines[0]) == 90,
            "the serial number is the old device's until it is replaced"
        )
        #expect(try await world.score(machines[0].row()) == 90)
        #expect(try await world.notices(of: machines[0]) == [.certificateKeyPassedOn])
        #expect(try await world.notices(of: old).isEmpty)
    }

    @Test("a reinstalled machine with its certificate: at once, by a token that names the old device")
    func replaced() async throws {
        let world = try await IdentityWorld()
        var old = try Machine(1, proof: world.certificate())
        try await world.enrol(&old)
        var new = old
        (new.device, new.receipt) = (try TestDevice(), nil)
        try await world.register(new, replaces: old.device.id)
        #expect(try await world.report(&new) == 100)
        #expect(try await world.score(new.row()) == 100)
        #expect(try await world.notices(of: new).isEmpty)
        await #expect(throws: Problem.self) { try await world.report(&old) }
    }

    @Test("a stolen certificate key: nothing while its owner reports, also once he renewed it to a new key")
    func stolenCertificateKey() async throws {
        let world = try await IdentityWorld()
        var victim = try Machine(1, proof: world.certificate())
        try await world.enrol(&victim)
        var thief = try Machine(2, proof: victim.proof)
        try await world.enrol(&thief)
        #expect(try await world.scores(victim.row(), thief.row()).first == 100)
        #expect(try await world.score(thief.row()) <= 50)
        #expect(world.log.text.contains("conflicts list"))
        let conflicts = try await world.store.conflicts(limit: 10).filter { $0.identifier.kind == .key }
        #expect(conflicts.map { $0.claims.map(\.device) } == [[victim.device.id, thief.device.id]])
        victim.proof = try world.certificate()
        world.pass(60)
        try await world.report(&victim)
        #expect(try await world.report(&thief) <= 50)
        #expect(try await world.score(victim.row()) == 100)
    }

    @Test("a stolen certificate key: while its owner is silent, announced; on Monday the owner has it back")
    func stolenWhileAsleep() async throws {
        let world = try await IdentityWorld()
        var victim = try Machine(1, proof: world.certificate())
        try await world.enrol(&victim)
        var thieves = [try Machine(2, proof: victim.proof)]
        try await world.enrol(&thieves[0])
        try await Self.aDay(in: world, &thieves)
        #expect(try await world.score(thieves[0].row()) == 100)
        #expect(try await world.notices(of: thieves[0]) == [.certificateKeyPassedOn])
        #expect(try await world.report(&victim) == 100)
        #expect(try await world.scores(victim.row(), thieves[0].row())[0] == 100)
        #expect(try await world.score(thieves[0].row()) <= 50)
        #expect(try await world.notices(of: victim) == [.certificateKeyReturned])
        let notice = try await world.store.record(of: victim.device.id)?.notices.first
        #expect(notice?.other == thieves[0].device.id.rawValue)
    }

    @Test("one certificate on many machines: as many have points as may hold it", arguments: [1, 5])
    func manyMachines(_ limit: Int) async throws {
        var policy = Policy.standard
        policy.certificates.devicesPerCertificate = limit
        let world = try await IdentityWorld(policy: policy)
        let proof = try world.certificate()
        var machines = try (1...6).map { try Machine($0, proof: proof) }
        for index in machines.indices { try await world.enrol(&machines[index]) }
        var passing = 0
        for machine in machines where try await world.score(machine.row()) >= 60 { passing += 1 }
        #expect(passing == limit)
    }

    @Test("a thief who is blocked takes nothing from the owner of the key")
    func blockedThief() async throws {
        let world = try await IdentityWorld()
        var victim = try Machine(1, proof: world.certificate())
        try await world.enrol(&victim)
        var thief = try Machine(2, proof: victim.proof)
        try await world.enrol(&thief)
        try await world.block(thief)
        try await world.report(&victim)
        #expect(try await world.score(victim.row()) == 100)
        #expect(try await world.report(&thief) == 0)
    }

    @Test("a block covers what the device held by more than its word, whoever has it then")
    func blockedIdentifiers() async throws {
        let world = try await IdentityWorld(names: "${serial_number}.acme.test")
        var lost = try Machine(1, proof: world.certificate("PF0FAKE1.acme.test"))
        try await world.enrol(&lost)
        try await world.block(lost)
        #expect(try await world.report(&lost) == 0)
        var again = lost
        (again.device, again.receipt) = (try TestDevice(), nil)
        try await world.registerByCertificate(again)
        #expect(try await world.report(&again) == 0, "the same certificate key under a new device key")
        var stranger = try Machine(2, proof: world.certificate("PF0FAKE1.acme.test"))
        stranger.serial = lost.serial
        try await world.enrol(&stranger)
        #expect(try await world.report(&stranger) == 0, "the serial number is blocked")
    }
}
