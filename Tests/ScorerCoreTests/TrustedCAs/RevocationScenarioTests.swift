import PostureModel
import ScorerModel
import ScorerStore
import ScorerTestSupport
import TestSupport
import Testing

@testable import DeviceIdentity
@testable import ScorerCore
@testable import Scoring

/// Scenario 20 of the laws of identity, and attack 9.
@Suite("A CRL revokes five of thirty certificates")
struct RevocationScenarioTests {
    let world: RevocationWorld
    let scorer: Scorer
    let machines: [Machine]

    init() async throws {
        let world = try await RevocationWorld()
        try world.write()
        let scorer = try await world.scorer("crl.pem")
        var machines: [Machine] = []
        for number in 1...30 {
            var machine = try Machine(number, proof: world.certificate(number))
            try await world.register(machine, at: scorer)
            try await world.report(&machine, to: scorer)
            machines.append(machine)
        }
        (self.world, self.scorer, self.machines) = (world, scorer, machines)
    }

    var revoked: [TestDevice.Proof] { machines.prefix(5).compactMap(\.proof) }

    /// The numbers of the machines that pass by what Cloudflare is answered.
    private func passing(_ scorer: Scorer) async throws -> [Int] {
        let rows = machines.map { $0.row() }
        let answer = try await scorer.postureQuery.answer(rows, at: world.clock.tick())
        return (1...30).filter { (answer["warp-\($0)"]?.score ?? 0) >= Policy.standard.passMark }
    }

    /// The numbers of the machines whose certificate is good for a new device.
    private func registering(_ scorer: Scorer, _ numbers: [Int]) async throws -> [Int] {
        var registered: [Int] = []
        for number in numbers {
            let thief = try Machine(100 + number, proof: machines[number - 1].proof)
            do {
                try await world.register(thief, at: scorer)
                registered.append(number)
            } catch let problem as Problem { #expect(problem.isOf(.enrolmentRefused), "\(problem)") }
        }
        return registered
    }

    private let others = Array(6...30)

    @Test("they fail at once and cannot register; nothing waits for approval")
    func atOnce() async throws {
        #expect(try await passing(scorer) == Array(1...30))
        try world.write(revoking: revoked, from: "20270115073000Z")
        #expect(try await passing(scorer) == others)
        #expect(await scorer.changes.pendingCount == 0)
        #expect(try await registering(scorer, [1, 5, 6]) == [6])
        for index in 0..<2 {
            var machine = machines[index]
            try await world.report(&machine, to: scorer)
        }
        #expect(try await passing(scorer) == others)
        let record = try #require(try await world.store().record(of: machines[0].device.id))
        #expect(record.newest?.checks.map(\.proves) == [false] && record.newest?.checks.first?.code == "revoked")
    }

    @Test("they stay revoked when an older CRL is served again, and after a restart with it")
    func older() async throws {
        try world.write(revoking: revoked, from: "20270115073000Z")
        #expect(try await passing(scorer) == others)
        for start in [RevocationWorld.today, RevocationWorld.yesterday] {
            try world.write(from: start)
            #expect(try await passing(scorer) == others)
            #expect(try await registering(scorer, [2]).isEmpty)
            let restarted = try await world.scorer("crl.pem")
            #expect(try await passing(restarted) == others)
            #expect(try await registering(restarted, [3]).isEmpty)
            var machine = machines[3]
            try await world.report(&machine, to: restarted)
            #expect(try await passing(restarted) == others)
        }
    }

    @Test("once the list is overdue five fail and the others are in grace; nobody can register; after it none passes")
    func overdue() async throws {
        try world.write(revoking: revoked, from: "20270115073000Z", until: "20270115100000Z")
        #expect(try await passing(scorer) == others)
        world.clock.set(TestClock.start.adding(seconds: 7200))
        let grace = Policy.standard.certificates.crlGrace
        for step in [0, 60, 40_000] as [Int64] {
            world.clock.advance(seconds: step)
            var machines = machines
            for index in machines.indices { try await world.report(&machines[index], to: scorer) }
            #expect(try await passing(scorer) == others, "\(step)")
            #expect(try await registering(scorer, [1, 7]).isEmpty)
        }
        let scored = try #require(try await scorer.devices.scoredDevice(machines[9].device.id, at: world.clock.now))
        #expect(scored.checks.first?.warning?.hasPrefix("the scorer's CRL of CN=Corp Root is overdue since") == true)
        let status = try await scorer.changes.revocationStatus(at: world.clock.now)
        let due = TestClock.start.adding(seconds: 7200)
        #expect(status.overdue == [.init(issuer: "CN=Corp Root", nextUpdate: due, isRequired: true)])
        let line = "warning the scorer's CRL of CN=Corp Root is overdue since \(due)"
        #expect(world.log.all.count { $0.hasPrefix(line) } == 1, "\(world.log.all)")
        world.clock.set(due.adding(seconds: grace - 3600))
        var machines = machines
        for index in machines.indices { try await world.report(&machines[index], to: scorer) }
        #expect(try await passing(scorer) == others)
        world.clock.set(due.adding(seconds: grace))
        #expect(try await passing(scorer).isEmpty)
        // A newer list, without a report: the twenty-five pass again.
        try world.write(revoking: revoked, from: "20270118090000Z", until: "20270201000000Z")
        #expect(try await passing(scorer) == others)
        #expect(try await scorer.changes.revocationStatus(at: world.clock.now).count == 0)
        #expect(try await registering(scorer, [5, 8]) == [8])
    }
}
