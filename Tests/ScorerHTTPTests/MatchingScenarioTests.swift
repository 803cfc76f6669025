import CurlBridge
import PostureModel
import ScorerTestSupport
import TestSupport
import Testing
import Verification

@testable import SQLiteStore
@testable import ScorerCore

/// The cases of docs/matching.md, each through both listeners: what devices report, and what Cloudflare is answered.
@Suite("What becomes of")
struct MatchingScenarioTests {
    /// A row as Cloudflare sends it; the answer's device, `""` for none.
    static func device(
        _ scorer: ScorerHarness,
        warp: String,
        serial: String = "",
        mac: String = "",
        host: String = ""
    ) async throws -> String {
        let row =
            #"{"device_id":"\#(warp)","serial_number":"\#(serial)","mac_address":"\#(mac)","hostname":"\#(host)"}"#
        let response = try await scorer.ask(#"{"devices":[\#(row)]}"#, token: try TestTeam.token(at: scorer.clock.now))
        return try #require(try response.decoded(as: PostureResult.self).result[warp]).s2sID
    }

    /// The value of one of the scorer's metrics.
    static func metric(_ name: String, _ scorer: ScorerHarness) async throws -> String? {
        let lines = try await scorer.operate(.get, "/metrics").text.split(separator: "\n")
        return lines.first { $0.hasPrefix("posture_scorer_\(name) ") }?.split(separator: " ").last.map(String.init)
    }

    /// Runs a scorer whose check asks for a certificate that carries the serial number.
    static func withSerialCheck(_ body: @Sendable (ScorerHarness) async throws -> Void) async throws {
        try await ScorerHarness.run(
            check: { check, _ in
                check.requirements.names = NamePatterns(commonName: try NamePattern("${serial_number}.acme.test"))
            },
            body
        )
    }

    @Test(
        "two machines from one image, each with a key of its own: each is itself, and the first has the serial number"
    )
    func imageWithoutKey() async throws {
        try await ScorerHarness.run { scorer in
            let (first, second) = (try await scorer.newDevice(), try await scorer.newDevice())
            let macs = ["00:00:5e:00:53:01", "00:00:5e:00:53:02"]
            for (device, mac) in zip([first, second], macs) {
                #expect(try await scorer.report(device, device.report(mac: mac)).status == 200)
            }
            let serial = "PF0FAKE1"
            #expect(
                try await Self.device(scorer, warp: "a", serial: serial, mac: macs[0], host: "laptop-1")
                    == first.id.rawValue
            )
            #expect(try await Self.device(scorer, warp: "b", serial: serial, mac: macs[1], host: "laptop-1") == "")
            #expect(try await scorer.report(second, second.report(warpIDs: ["b"], mac: macs[1])).status == 200)
            #expect(try await Self.device(scorer, warp: "b", serial: serial, mac: macs[1]) == second.id.rawValue)
            #expect(
                try await Self.device(scorer, warp: "a", serial: serial, mac: macs[0], host: "laptop-1")
                    == first.id.rawValue
            )
            #expect(try await Self.metric("identifier_conflicts_total{outcome=\"refused\"}", scorer) == "1")
        }
    }

    @Test("two machines from one image with its key: both score 0, until an operator has put it right")
    func imageWithKey() async throws {
        try await ScorerHarness.run(access: DecisionEffectTests.withReasons) { scorer in
            let device = try await scorer.newDevice()
            let (a, b) = TestDevice.boots
            for boot in [a, b, a] {
                #expect(try await scorer.report(device, device.report(warpIDs: ["w"], bootID: boot)).status == 200)
            }
            #expect(try await scorer.score(of: "w") == 30)
            let answer = try await scorer.report(device, device.report(warpIDs: ["w"], bootID: b))
            #expect(try answer.decoded(as: ReportAnswer.self).score.value == 0)
            #expect(try await DecisionEffectTests.entry(scorer) == .init(s2sID: "\(device.id):clone", score: 0))
            #expect(scorer.log.text.contains("two machines report with one device key"))
            #expect(try await Self.metric("clone_alarms_total", scorer) == "1")
        }
    }

    @Test("a board that is swapped: the new serial number is the device's, and the old one is nobody's")
    func swappedBoard() async throws {
        try await ScorerHarness.run { scorer in
            let device = try await scorer.newDevice()
            #expect(try await scorer.report(device, device.report(serial: "PF0FAKE1")).status == 200)
            #expect(try await scorer.report(device, device.report(serial: "PF0FAKE2")).status == 200)
            #expect(
                try await Self.device(scorer, warp: "w", serial: "PF0FAKE2", host: "laptop-1") == device.id.rawValue
            )
            #expect(try await Self.device(scorer, warp: "w", serial: "PF0FAKE1", host: "laptop-1") == "")
            #expect(try await scorer.report(device, device.report(serial: "Default string")).status == 200)
            let kept = try await Self.device(scorer, warp: "w", serial: "PF0FAKE2", host: "laptop-1")
            #expect(kept == device.id.rawValue, "junk does not replace a good one")
        }
    }

    @Test("a board that goes to another machine: that is itself by its WARP id at once, by the number once it is free")
    func movedBoard() async throws {
        try await ScorerHarness.run { scorer in
            let (from, to) = (try await scorer.newDevice(), try await scorer.newDevice())
            #expect(try await scorer.report(from, from.report(warpIDs: ["w-from"], hostname: "from")).status == 200)
            #expect(try await scorer.report(to, to.report(warpIDs: ["w-to"], hostname: "to")).status == 200)
            #expect(try await Self.device(scorer, warp: "w-to", serial: "PF0FAKE1") == to.id.rawValue)
            let replaced = from.report(serial: "PF0FAKE3", warpIDs: ["w-from"], hostname: "from")
            #expect(try await scorer.report(from, replaced).status == 200)
            #expect(try await Self.device(scorer, warp: "w-from", serial: "PF0FAKE3") == from.id.rawValue)
            #expect(try await Self.device(scorer, warp: "w-from", serial: "PF0FAKE1") == "")
        }
    }

    @Test("a dock's MAC, which several machines have: nothing")
    func dock() async throws {
        try await ScorerHarness.run { scorer in
            let (first, second) = (try await scorer.newDevice(), try await scorer.newDevice())
            let dock = "00:00:5e:00:53:dd"
            for (number, device) in [first, second].enumerated() {
                let report = device.report(serial: "PF0FAKE\(number + 1)", hostname: "laptop-\(number)", mac: dock)
                #expect(try await scorer.report(device, report).status == 200)
            }
            #expect(try await Self.device(scorer, warp: "x", mac: dock) == "", "it never decides")
            #expect(try await Self.device(scorer, warp: "a", serial: "PF0FAKE1", mac: dock) == first.id.rawValue)
            #expect(try await Self.device(scorer, warp: "b", serial: "PF0FAKE2", mac: dock) == second.id.rawValue)
        }
    }

    @Test(
        "a machine that is re-installed with another key: itself by its new WARP id, by the rest when an operator says so"
    )
    func reinstalled() async throws {
        try await ScorerHarness.run { scorer in
            let (old, new) = (try await scorer.newDevice(), try await scorer.newDevice())
            #expect(try await scorer.report(old, old.report(warpIDs: ["w-old"])).status == 200)
            #expect(try await scorer.report(new, new.report(warpIDs: ["w-new"])).status == 200)
            #expect(
                try await Self.device(scorer, warp: "w-new", serial: "PF0FAKE1", host: "laptop-1") == new.id.rawValue
            )
            let answer = try await scorer.report(new, new.report(warpIDs: ["w-old"])).decoded(as: ReportAnswer.self)
            let rule = try #require(answer.score.rules.first { $0.rule == "serial_known" })
            #expect(rule.points == 0 && rule.sentence.contains("conflicts resolve \(new.id)"))
            #expect(try await Self.device(scorer, warp: "w-old", serial: "PF0FAKE1") == old.id.rawValue)
            _ = try await OperatorCommands(
                store: scorer.store,
                actor: "a test",
                logger: scorer.log.logger,
                at: scorer.clock.now
            )
            .assignClaims(new.id.rawValue, force: false)
            #expect(try await Self.device(scorer, warp: "w-old", serial: "PF0FAKE1") == new.id.rawValue)
        }
    }

    @Test("a machine that is renamed, or has two registrations: it is the same")
    func renamed() async throws {
        try await ScorerHarness.run { scorer in
            let device = try await scorer.newDevice()
            #expect(try await scorer.report(device, device.report(hostname: "before")).status == 200)
            #expect(try await scorer.report(device, device.report(hostname: "after")).status == 200)
            #expect(
                try await Self.device(scorer, warp: "w", serial: "PF0FAKE1", host: "after.acme.test")
                    == device.id.rawValue
            )
            #expect(try await Self.device(scorer, warp: "w", serial: "PF0FAKE1", host: "before") == "")
            let report = device.report(warpIDs: ["device", "registration-1", "registration-2"])
            #expect(try await scorer.report(device, report).status == 200)
            for id in ["device", "REGISTRATION-1", "registration-2"] {
                #expect(try await Self.device(scorer, warp: id, serial: "PF0FAKE1") == device.id.rawValue)
            }
        }
    }

    @Test("a claim of another's serial number without a certificate: nothing, be it made after the owner's or before")
    func claimWithoutCertificate() async throws {
        try await Self.withSerialCheck { scorer in
            let (early, owner, late) = (
                try await scorer.newDevice(), try await scorer.newDevice(), try await scorer.newDevice()
            )
            let corp = try TestCorp.shared()
            #expect(try await scorer.report(early, early.report(hostname: "early")).status == 200)
            let proof = try corp.proof(by: corp.serialLeaves[0])
            #expect(try await scorer.report(owner, owner.report(hostname: "owner"), proofs: [proof]).status == 200)
            #expect(try await scorer.report(late, late.report(hostname: "late")).status == 200)
            #expect(try await Self.device(scorer, warp: "w", serial: "PF0FAKE1", host: "owner") == owner.id.rawValue)
            for host in ["early", "late"] {
                #expect(try await Self.device(scorer, warp: "x", serial: "PF0FAKE1", host: host) == "")
            }
            #expect(try await Self.metric("identifier_conflicts_total{outcome=\"taken\"}", scorer) != "0")
        }
    }

    @Test("a claim of another's serial number with a certificate that carries it: the first of the two has it")
    func claimWithCertificate() async throws {
        try await Self.withSerialCheck { scorer in
            let (first, second) = (try await scorer.newDevice(), try await scorer.newDevice())
            let corp = try TestCorp.shared()
            for (device, leaf) in zip([first, second], corp.serialLeaves) {
                let report = device.report(hostname: device.id.rawValue.prefix(8).lowercased())
                #expect(try await scorer.report(device, report, proofs: [try corp.proof(by: leaf)]).status == 200)
            }
            let host = first.id.rawValue.prefix(8).lowercased()
            #expect(try await Self.device(scorer, warp: "w", serial: "PF0FAKE1", host: host) == first.id.rawValue)
            // Its certificate is gone, for a while: what was bound by it stays.
            #expect(try await scorer.report(first, first.report(hostname: host)).status == 200)
            #expect(try await Self.device(scorer, warp: "w", serial: "PF0FAKE1", host: host) == first.id.rawValue)
        }
    }

    @Test("another's WARP id in a report: nothing, and what is not enrolled cannot be lent a score")
    func anothersWARPID() async throws {
        try await ScorerHarness.run { scorer in
            let (owner, liar) = (try await scorer.newDevice(), try await scorer.newDevice())
            #expect(try await scorer.report(owner, owner.report(serial: "PF0FAKE1", warpIDs: ["w"])).status == 200)
            let lie = liar.report(serial: "PF0FAKE2", warpIDs: ["l", "w", "not-enrolled"], hostname: "liar")
            #expect(try await scorer.report(liar, lie).status == 200)
            #expect(try await Self.device(scorer, warp: "w", serial: "PF0FAKE1") == owner.id.rawValue)
            #expect(try await Self.device(scorer, warp: "w") == owner.id.rawValue)
            #expect(try await Self.device(scorer, warp: "w", serial: "PF0FAKE2") == "")
            #expect(try await Self.device(scorer, warp: "l", serial: "PF0FAKE1") == "")
            #expect(try await Self.device(scorer, warp: "not-enrolled", serial: "PF0FAKE3") == "")
        }
    }
}
