import PostureModel
import ScorerModel
import ScorerStore
import ScorerTestSupport
import Testing

@testable import DeviceIdentity
@testable import SQLiteStore
@testable import ScorerCore
@testable import Scoring

/// The scenarios of docs/identity.md about rows and what links them to devices, through a whole scorer.
@Suite("A row gets a device's score")
struct LinkScenarioTests {
    @Test("by its new WARP id, once the client was reset and the agent reported: the old id scores 0")
    func reset() async throws {
        let world = try await IdentityWorld()
        var laptop = try Machine(1, proof: world.certificate())
        try await world.enrol(&laptop)
        #expect(try await world.score(laptop.row()) == 100)
        #expect(try await world.score(laptop.row("fresh")) == 0)
        laptop.warp = .read(["fresh"])
        try await world.report(&laptop)
        #expect(try await world.scores(laptop.row(), laptop.row("fresh")) == [0, 100])
        #expect(try await world.notices(of: laptop).isEmpty)
    }

    @Test("for an hour by the ids that were read before a reboot, and then by serial number and virtual IPv4")
    func lateClient() async throws {
        let world = try await IdentityWorld()
        var laptop = try Machine(1, proof: world.certificate())
        try await world.enrol(&laptop)
        world.pass(300)
        laptop.reboot(at: world.clock.now)
        laptop.warp = .readAgo(["warp-1"], seconds: 5 * 60)
        try await world.report(&laptop)
        let other = laptop.row().with(serial: "", mac: "", ipv4: "")
        #expect(try await world.score(other) == 100)
        laptop.warp = .readAgo(["warp-1"], seconds: 61 * 60)
        try await world.report(&laptop)
        #expect(try await world.score(other) == 0)
        #expect(try await world.reason(other) == .warpUnreadable)
        #expect(try await world.score(laptop.row()) == 100)
        #expect(try await world.reason(laptop.row().with(ipv4: "172.16.0.2")) == .warpUnreadable)
    }

    @Test("even to a stranger who asks in place of the device that reports his id; not if ids have to be carried")
    func lending() async throws {
        var carried = Policy.standard
        carried.matching.warpMatch = .carried
        for (policy, score) in [(Policy.standard, 100), (carried, 0)] {
            let world = try await IdentityWorld(policy: policy)
            var laptop = try Machine(1, proof: world.certificate())
            laptop.warp = .read(["warp-1", "stranger"])
            try await world.enrol(&laptop)
            #expect(try await world.score(laptop.row("stranger")) == score)
        }
    }

    @Test("by the id of its device or by that of its registration, whichever is asked: the second one is 0")
    func registrations() async throws {
        let world = try await IdentityWorld()
        var laptop = try Machine(1, proof: world.certificate())
        laptop.warp = .read(["device", "registration"])
        try await world.enrol(&laptop)
        #expect(try await world.score(laptop.row("registration")) == 100)
        #expect(try await world.scores(laptop.row("device"), laptop.row("registration")) == [0, 100])
        #expect(try await world.notices(of: laptop) == [.lending])
        #expect(try await world.reason(laptop.row("device")) == .lending)
    }

    @Test("when another user registers WARP on a shared laptop: his id at once, and no alarm")
    func sharedLaptop() async throws {
        let world = try await IdentityWorld()
        var laptop = try Machine(1, proof: world.certificate())
        try await world.enrol(&laptop)
        #expect(try await world.score(laptop.row()) == 100)
        laptop.warp = .read(["user-b"])
        try await world.report(&laptop)
        #expect(try await world.scores(laptop.row(), laptop.row("user-b")) == [0, 100])
        #expect(try await world.notices(of: laptop).isEmpty)
    }

    @Test("and not the other system of a dual boot, with its serial number, MAC and host name")
    func dualBoot() async throws {
        let world = try await IdentityWorld()
        var laptop = try Machine(1, proof: world.certificate())
        try await world.enrol(&laptop)
        #expect(try await world.reason(laptop.row("windows")) == .otherWARPID)
        laptop.warp = .cannotTell
        try await world.report(&laptop)
        #expect(try await world.score(laptop.row("windows").with(ipv4: "100.96.9.9")) == 0)
        #expect(try await world.notices(of: laptop).isEmpty)
    }

    @Test("and never a phone, another platform or a row of blanks")
    func others() async throws {
        let world = try await IdentityWorld()
        var laptop = try Machine(1, proof: world.certificate())
        try await world.enrol(&laptop)
        let blank = PostureRow(deviceID: "phone")
        let mac = PostureRow(
            deviceID: "mac",
            serialNumber: "C02ZX1ABMD6T",
            macAddress: "f0:18:98:00:00:09",
            hostname: "m"
        )
        #expect(try await world.scores(blank, mac) == [0, 0])
        #expect(try await world.reason(mac) == .unknown)
        try await world.scorer.postureQuery.unmatched.flush(to: world.store)
        #expect(try await world.store.unmatched(limit: 10).map(\.warpID).sorted() == ["mac", "phone"])
    }

    @Test(
        "and never by the serial number of a server without a WARP client",
        arguments: [LinkRules.SerialMatch.corroborated, .trusting, .never]
    )
    func serverWithoutClient(_ match: LinkRules.SerialMatch) async throws {
        var policy = Policy.standard
        policy.matching.serialMatch = match
        let world = try await IdentityWorld(policy: policy)
        var server = try Machine(1, proof: world.certificate())
        server.warp = .noClient
        try await world.enrol(&server)
        #expect(try await world.score(server.row("laptop")) == 0)
    }

    @Test("in a fleet that cannot tell its ids: by a virtual IPv4 of its own, or by an id that an operator assigned")
    func untold() async throws {
        let world = try await IdentityWorld()
        var laptop = try Machine(1, proof: world.certificate())
        laptop.warp = .cannotTell
        try await world.enrol(&laptop)
        #expect(try await world.score(laptop.row()) == 100)
        var second = try Machine(2, proof: world.certificate())
        (second.warp, second.ipv4) = (.cannotTell, "172.16.0.2")
        try await world.enrol(&second)
        #expect(try await world.reason(second.row()) == .warpUnreadable)
        try await world.assign("warp-2", to: second)
        #expect(try await world.score(second.row()) == 100)
        #expect(try await world.store.linkCounts(askedSince: TestClock.start).readings[.cannotTell] == 2)
    }

    @Test("and a device that has a token alone takes it from nobody who proves a certificate")
    func tokenOnly() async throws {
        let world = try await IdentityWorld()
        var victim = try Machine(1, proof: world.certificate())
        try await world.enrol(&victim)
        var rival = victim
        (rival.device, rival.proof, rival.receipt) = (try TestDevice(), nil, nil)
        try await world.enrol(&rival)
        #expect(try await world.score(victim.row()) == 100)
        let conflicts = try await world.store.conflicts(limit: 10)
        #expect(Set(conflicts.flatMap { $0.claims.map(\.device) }) == [victim.device.id, rival.device.id])
        #expect(conflicts.allSatisfy { $0.holder == victim.device.id })
    }

    @Test("with a new mainboard: 0 while WARP tells the old serial number, unless the id is assigned")
    func mainboard() async throws {
        let world = try await IdentityWorld()
        var laptop = try Machine(1, proof: world.certificate())
        try await world.enrol(&laptop)
        let row = laptop.row()
        laptop.serial = "PF0FRESH"
        try await world.report(&laptop)
        #expect(try await world.score(row) == 0)
        #expect(try await world.score(row.with(serial: "PF0FRESH")) == 100)
        try await world.assign("warp-1", to: laptop)
        #expect(try await world.score(row) == 100)
    }

    @Test("with a new mainboard: at once where the certificate carries the id")
    func mainboardWithCarriedID() async throws {
        let world = try await IdentityWorld(names: "${device_uuid}.acme.test")
        var laptop = try Machine(1, proof: world.certificate("warp-1.acme.test"))
        try await world.enrol(&laptop)
        let row = laptop.row()
        laptop.serial = "PF0FRESH"
        try await world.report(&laptop)
        #expect(try await world.score(row) == 100)
    }
}
