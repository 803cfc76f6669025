import PostureModel
import ScorerModel
import ScorerStore
import ScorerTestSupport
import Testing

@testable import DeviceIdentity
@testable import SQLiteStore
@testable import ScorerCore
@testable import Scoring

/// Attacks that once succeeded, through a whole scorer.
@Suite("An attacker gets nothing by")
struct AttackTests {
    @Test("a server's device key, and one report with his laptop's WARP id")
    func borrowedServer() async throws {
        for next in [Machine.Reading.noClient, .cannotTell] {
            let world = try await IdentityWorld()
            var server = try Machine(1, proof: world.certificate())
            server.warp = next
            try await world.enrol(&server)
            world.pass(300)
            try await world.report(&server)
            var thief = server
            (thief.warp, thief.receipt, thief.boot) = (.read(["laptop"]), nil, Machine.newBoot())
            let laptop = PostureRow(deviceID: "laptop", serialNumber: server.serial, hostname: server.hostname)
            #expect(try await world.report(&thief) == 0, "a report without the receipt is a return")
            #expect(try await world.score(laptop) == 0)
            world.pass(300)
            try await world.report(&server)
            #expect(try await world.score(laptop) == 0)
            try await world.clearNotices(of: server)
            try await world.report(&server)
            #expect(try await world.score(laptop) == 0, "clearing the alarm adds nothing")
            let record = try #require(try await world.store.record(of: server.device.id))
            #expect(!record.contested.contains { $0.kind == .warp }, "nor does resolving")
        }
    }

    @Test("root on one machine that reports eight WARP ids: one row scores, whatever it sends and however it is asked")
    func eightIDs() async throws {
        let world = try await IdentityWorld()
        var machine = try Machine(1, proof: world.certificate())
        let ids = (1...8).map { "user-\($0)" }
        machine.warp = .read(ids)
        try await world.enrol(&machine)
        let rows = ids.map { machine.row($0) }
        let first = try await world.scorer.postureQuery.answer(Array(rows.prefix(4)), at: world.clock.tick())
        #expect(first.values.map(\.score).sorted() == [0, 0, 0, 100])
        async let one = world.scorer.postureQuery.answer(Array(rows.prefix(4)), at: world.clock.tick())
        async let other = world.scorer.postureQuery.answer(Array(rows.suffix(4)), at: world.clock.tick())
        let scores = try await one.values.map(\.score) + other.values.map(\.score)
        #expect(scores.filter { $0 > 0 }.count == 1)
        #expect(try await world.notices(of: machine).contains(.lending))
    }

    @Test("two simultaneous queries about two of its ids, before any row is in use")
    func simultaneousQueries() async throws {
        for _ in 0..<5 {
            let world = try await IdentityWorld()
            var machine = try Machine(1, proof: world.certificate())
            machine.warp = .read(["a", "b"])
            try await world.enrol(&machine)
            let enrolled = machine
            let scores = try await withThrowingTaskGroup(of: Int.self) { group in
                for id in ["a", "b"] { group.addTask { try await world.score(enrolled.row(id)) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(scores.sorted() == [0, 100])
        }
    }

    @Test("a token without a certificate, and eight victims' WARP ids with their MACs and host names")
    func eightVictims() async throws {
        let world = try await IdentityWorld()
        var victims = try (1...8).map { try Machine($0, proof: world.certificate()) }
        for index in victims.indices { try await world.enrol(&victims[index]) }
        for victim in victims {
            var rival = victim
            (rival.device, rival.proof, rival.receipt) = (try TestDevice(), nil, nil)
            rival.warp = .read((1...8).map { "warp-\($0)" })
            try await world.enrol(&rival)
        }
        for victim in victims { #expect(try await world.score(victim.row()) == 100) }
    }

    @Test("an enrolled device with a certificate of its own, and the ids and MACs that victims' rows carry")
    func victimsWithoutMACs() async throws {
        let world = try await IdentityWorld()
        var victims = try (1...4).map { try Machine($0, proof: world.certificate()) }
        for index in victims.indices {
            victims[index].mac = "74:1d:3e:00:00:0\(index)"
            try await world.enrol(&victims[index])
        }
        var rival = try Machine(9, proof: world.certificate())
        rival.warp = .read((1...4).map { "warp-\($0)" })
        try await world.enrol(&rival)
        for victim in victims { #expect(try await world.score(victim.row().with(mac: rival.mac)) == 100) }
    }

    @Test("a machine that is not enrolled, and a server's serial number and host name")
    func unenrolled() async throws {
        let world = try await IdentityWorld()
        var server = try Machine(1, proof: world.certificate())
        server.warp = .noClient
        try await world.enrol(&server)
        #expect(try await world.score(server.row("mine").with(ipv4: "100.96.3.3")) == 0)
    }

    @Test("a serial number that is not that of its tag: it stays in its group")
    func otherSerial() async throws {
        var policy = Policy.standard
        policy.groups = [Policy.Group(name: "servers", tags: ["server"])]
        let world = try await IdentityWorld(policy: policy, names: "${serial_number}.acme.test")
        let line = InventoryItem(serial: "pf0fake1", certificateName: nil, tag: "server")
        _ = try await world.store.commit([.importInventory([line], replacing: false, at: world.clock.now)])
        var machine = try Machine(1, proof: world.certificate("PF0FAKE1.acme.test"))
        try await world.enrol(&machine)
        let group = {
            try await world.scorer.devices.scoredDevice(machine.device.id, at: world.clock.now)?.answer.score.group
        }
        #expect(try await group() == "servers")
        for serial in ["PF0OTHER", "Default string"] {
            machine.serial = serial
            try await world.report(&machine)
            let own = try await world.scorer.devices.scoredDevice(machine.device.id, at: world.clock.now)
            #expect(own?.answer.score.group == "servers")
        }
    }

    @Test("a MAC that all machines of a model have, or a host name that an installer leaves")
    func sharedValues() async throws {
        var policy = Policy.standard
        policy.matching.serialMatch = .trusting
        policy.matching.shared = SharedValues(macs: ["74:1d:3e:*"], hostnames: ["kiosk"])
        let world = try await IdentityWorld(policy: policy)
        for (mac, host) in [
            ("ac:de:48:00:11:22", "debian"), ("02:42:ac:11:00:02", "ubuntu"), ("74:1d:3e:00:00:01", "kiosk"),
        ] {
            var machine = try Machine(1, proof: world.certificate())
            (machine.mac, machine.hostname, machine.warp) = (mac, host, .cannotTell)
            try await world.enrol(&machine)
            #expect(try await world.score(machine.row("stranger").with(ipv4: "100.96.7.7")) == 0)
            machine.warp = .read(["stranger"])
            try await world.report(&machine)
            #expect(try await world.score(machine.row("stranger").with(serial: "", ipv4: "")) == 0)
            try await world.retire(machine)
        }
    }

    @Test("a `device_id` that stands twice in a query: the lower score is answered")
    func twice() async throws {
        let world = try await IdentityWorld()
        var machine = try Machine(1, proof: world.certificate())
        try await world.enrol(&machine)
        #expect(try await world.scores(machine.row(), machine.row().with(serial: "PF0OTHER")) == [0, 0])
        #expect(try await world.scores(machine.row().with(serial: "PF0OTHER"), machine.row()) == [0, 0])
    }
}
