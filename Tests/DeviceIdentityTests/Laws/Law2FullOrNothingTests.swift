import PostureModel
import ScorerModel
import TestSupport
import Testing

@testable import DeviceIdentity
@testable import Scoring

@Suite("Law 2: a row gets the whole score of its device, or 0 and a reason")
struct Law2FullOrNothingTests {
    @Test("in every history: it is linked if it agrees as its link needs, and else to nobody", arguments: Pool.seeds)
    func history(seed: UInt64) throws {
        var history = History(seed: seed)
        for step in 1...300 {
            guard case .query(_, let answers) = history.step() else { continue }
            for answer in answers {
                let counting = Set(history.world.links(of: answer.row).map { SampleDevice.id($0.device) })
                let isRight = answer.device.map(counting.contains) ?? counting.isEmpty
                try #require(isRight, "seed \(seed), step \(step): \(answer), not \(counting)")
                let whole = answer.device.flatMap { device in
                    (1...History.machines).first { SampleDevice.id($0) == device }.flatMap(history.world.evaluation)?
                        .value
                }
                try #require(answer.score == 0 || answer.score == whole, "seed \(seed), step \(step)")
                try #require(answer.isInUse == (answer.reason == nil), "seed \(seed), step \(step)")
            }
        }
    }

    /// Every row and report of one machine, in fields that are right, wrong, shared or blank.
    private static let fields: [(serial: String, mac: String, hostname: String, ipv4: String)] = {
        var all: [(serial: String, mac: String, hostname: String, ipv4: String)] = []
        for serial in ["PF0FAKE1", "PF0FAKE2", "None", ""] {
            for mac in ["74:1d:3e:00:00:01", Pool.sharedMAC, ""] {
                for hostname in ["laptop-1", Pool.sharedHostname, "localhost", ""] {
                    for ipv4 in ["100.96.0.1", Pool.sharedIPv4, ""] { all.append((serial, mac, hostname, ipv4)) }
                }
            }
        }
        return all
    }()

    @Test(
        "of a machine alone, whatever the row and the report have",
        arguments: [Draft.WARP.read(["warp-1"]), .cannotTell, .noClient],
        [
            Certificate?.none, Certificate(key: "k", number: "1", serial: "pf0fake1"),
            Certificate(key: "k", number: "1", warp: "WARP-1"),
        ]
    )
    func table(warp: Draft.WARP, certificate: Certificate?) {
        for isShared in [false, true] {
            var world = World(devices: 1...1)
            var draft = Draft.machine(1, certificate: certificate)
            draft.warp = warp
            if isShared {
                (draft.macs, draft.hostname, draft.ipv4) = ([Pool.sharedMAC], Pool.sharedHostname, Pool.sharedIPv4)
            }
            world.report(draft)
            for rules in [
                (.agreeing, .corroborated), (.carried, .never), (.reported, .trusting),
            ] as [(LinkRules.WARPMatch, LinkRules.SerialMatch)] {
                (world.policy.matching.warpMatch, world.policy.matching.serialMatch) = rules
                for field in Self.fields {
                    let row = PostureRow(
                        deviceID: "warp-1",
                        serialNumber: field.serial,
                        macAddress: field.mac,
                        hostname: field.hostname,
                        virtualIPv4: field.ipv4
                    )
                    let answer = world.plan([row]).answers[0]
                    let counts = !world.links(of: row).isEmpty
                    #expect(answer.device == (counts ? SampleDevice.id(1) : nil), "\(rules) \(field)")
                    #expect((answer.reason == nil) == counts)
                    if let link = answer.link { #expect(link.agreeing == row.agreeing(with: draft)) }
                }
            }
        }
    }

    @Test("and fields agree in every form in which machines and Cloudflare write them")
    func forms() {
        var world = World()
        var draft = Draft(1)
        (draft.serial, draft.warp, draft.macs) = (
            "PF0FAKE1", .read(["warp-1"]), ["74:1d:3e:00:00:01", "74:1d:3e:00:00:09"]
        )
        (draft.hostname, draft.staticHostname, draft.ipv4) = ("transient", "Laptop-1.corp.test", "100.96.0.1")
        world.report(draft)
        for (row, field) in [
            (PostureRow(deviceID: "WARP-1 ", serialNumber: " pf0fake1"), .serial),
            (PostureRow(deviceID: "warp-1", macAddress: "74-1D-3E-00-00-09"), .mac),
            (PostureRow(deviceID: "warp-1", macAddress: "741d3e000001"), .mac),
            (PostureRow(deviceID: "warp-1", hostname: "LAPTOP-1"), .hostname),
            (PostureRow(deviceID: "warp-1", hostname: "transient.home.test."), .hostname),
            (PostureRow(deviceID: "warp-1", virtualIPv4: " 100.96.0.1 "), .ipv4),
            (PostureRow(deviceID: "warp-1", hostname: "localhost", virtualIPv4: "100.96.0.10"), nil),
        ] as [(PostureRow, AgreeingField?)] {
            #expect(world.plan([row]).answers[0].link?.agreeing == field.map { [$0] }, "\(row)")
        }
    }

    @Test("and a link by serial number needs a live device")
    func silent() {
        var world = World()
        var draft = Draft.machine(1)
        draft.warp = .cannotTell
        world.report(draft)
        let age = world.policy.freshness.staleAfter
        world.now = world.now.adding(seconds: age - 1)
        #expect(world.query(.machine(1)).device == SampleDevice.id(1))
        world.now = world.now.adding(seconds: 1)
        #expect(world.query(.machine(1)).reason == .silent(SampleDevice.id(1)))
    }
}
