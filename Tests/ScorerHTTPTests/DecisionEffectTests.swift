import CurlBridge
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

@Suite("What operators decide counts at the next score:")
struct DecisionEffectTests {
    static let withReasons = ScorerHarness.standardAccess + ["reason_codes = true"]

    /// What Cloudflare gets for the WARP id, with the reason in a word.
    static func entry(
        _ scorer: ScorerHarness,
        _ warpID: String = "w",
        hostname: String = "laptop-1",
        serial: String = ""
    ) async throws -> PostureResult.Entry? {
        let token = try TestTeam.token(at: scorer.clock.now)
        let row = ScorerHarness.row(warpID, hostname: hostname, serial: serial)
        let answer = try await scorer.ask(#"{"devices":[\#(row)]}"#, token: token)
        return try answer.decoded(as: PostureResult.self).result[warpID]
    }

    @Test("a block, by key, certificate's key and serial number, whatever they register as")
    func block() async throws {
        try await ScorerHarness.run(
            access: Self.withReasons,
            check: { check, _ in
                check.requirements.names = NamePatterns(commonName: try NamePattern("${serial_number}.acme.test"))
            }
        ) { scorer in
            let corp = try TestCorp.shared()
            let proof = try corp.proof(by: corp.serialLeaves[0])
            let device = try await scorer.newDevice()
            let report = device.report(warpIDs: ["w"])
            #expect(try await scorer.report(device, report, proofs: [proof]).status == 200)
            #expect(try await Self.entry(scorer, serial: "PF0FAKE1") == .init(s2sID: device.id.rawValue, score: 100))
            _ = try await scorer.someone.block(
                device.id.rawValue,
                reason: "left in a train",
                by: scorer.scorer().devices
            )
            #expect(try await Self.entry(scorer, serial: "PF0FAKE1") == .init(s2sID: "\(device.id):blocked", score: 0))
            let own = try await scorer.ownRecord(device).decoded(as: ReportAnswer.self)
            #expect(own.score.cap == "an operator has blocked this device: left in a train")

            let (sameSerial, sameCertificate) = (try await scorer.newDevice(), try await scorer.newDevice())
            func score(_ device: TestDevice, _ report: Report, _ proofs: [TestDevice.Proof] = []) async throws -> Int {
                try await scorer.report(device, report, proofs: proofs).decoded(as: ReportAnswer.self).score.value
            }
            // The very report that brings what is blocked is answered with 0, also of a device that was good before.
            #expect(try await score(sameSerial, sameSerial.report(serial: "PF0FAKE8", warpIDs: ["s"])) == 30)
            #expect(try await score(sameSerial, sameSerial.report(warpIDs: ["s"])) == 0)
            let other = sameCertificate.report(serial: "PF0FAKE9", warpIDs: ["c"])
            #expect(try await score(sameCertificate, other) == 30)
            // It carries another serial number than the report has, and so proves nothing.
            #expect(try await score(sameCertificate, other, [proof]) == 30)
            #expect(try await score(sameCertificate, sameCertificate.report(warpIDs: ["c"]), [proof]) == 0)
            for (warp, id) in [("s", sameSerial.id), ("c", sameCertificate.id)] {
                #expect(
                    try await Self.entry(scorer, warp, serial: "PF0FAKE1") == .init(s2sID: "\(id):blocked", score: 0)
                )
            }
            _ = try await scorer.someone.delete(device.id.rawValue)
            #expect(try await Self.entry(scorer, "s", serial: "PF0FAKE1")?.score == 0, "a block outlives its device")
            _ = try await scorer.someone.unblock(device.id.rawValue)
            // With the next report the certificate's key, and with it the serial number, is its own.
            #expect(try await score(sameCertificate, sameCertificate.report(warpIDs: ["c"]), [proof]) == 100)
            #expect(try await Self.entry(scorer, "c", serial: "PF0FAKE1")?.score == 100)
        }
    }

    @Test("a waiver, until it expires, and the score says so")
    func waiver() async throws {
        var policy = Policy.standard
        policy.freshness.staleAfter = 40 * 86_400
        policy.freshness.freshFor = 30 * 86_400
        try await ScorerHarness.run(policy: policy, access: Self.withReasons) { scorer in
            let device = try await scorer.newDevice()
            #expect(try await scorer.report(device, device.report(warpIDs: ["w"])).status == 200)
            #expect(try await Self.entry(scorer) == .init(s2sID: "\(device.id):certificate", score: 30))
            _ = try await scorer.someone.waive(
                device.id.rawValue,
                rule: "certificate_proven",
                until: "7d",
                reason: "the CA is down"
            )
            #expect(try await Self.entry(scorer)?.score == 70)
            let own = try await scorer.ownRecord(device).decoded(as: ReportAnswer.self)
            let rule = try #require(own.score.rules.first { $0.rule == "certificate_proven" })
            #expect(rule.outcome == .waived && rule.reason.contains("the CA is down"))
            scorer.clock.advance(seconds: 8 * 86_400)
            #expect(try await Self.entry(scorer)?.score == 30)
        }
    }

    @Test("the same score and rules for the operator as for the device")
    func explanation() async throws {
        try await ScorerHarness.run { scorer in
            let device = try await scorer.newDevice()
            let answer = try await scorer.report(device, device.report(warpIDs: ["w"])).decoded(as: ReportAnswer.self)
            let own = try scorer.scorer()
            let now = scorer.clock.now
            let explained = try await own.devices.explain("laptop-1", at: now, as: scorer.someone)
            #expect(explained.device.device == device.id && explained.answer.score == answer.score)
            #expect(explained.identifiers.map(\.identifier.value) == ["pf0fake1", "w"])
            let later = scorer.clock.now.adding(seconds: 2 * 86_400)
            let old = try await own.devices.explain("laptop-1", at: later, as: scorer.someone)
            #expect(old.answer.score.value == 0)
            let error = await #expect(throws: OperatorError.self) {
                try await own.devices.explain("nobody", at: later, as: scorer.someone)
            }
            #expect(error?.kind == .notFound && error?.remedy == .listDevices)
        }
    }

    @Test("a row that matches no device is listed as unmatched, with its user and the reason")
    func unmatched() async throws {
        try await ScorerHarness.run { scorer in
            let asked = PostureRow(deviceID: "w", hostname: "tablet", email: "a@acme.test")
            let own = try scorer.scorer()
            _ = try await own.postureQuery.answer([asked], at: scorer.clock.now)
            #expect(try await scorer.store.unmatched(limit: 9).isEmpty, "the answer does not wait for it")
            try await own.recordHeartbeat()
            let row = try #require(try await scorer.store.unmatched(limit: 9).first)
            #expect((row.warpID, row.hostname, row.email) == ("w", "tablet", "a@acme.test"))
            #expect(row.reason == NoMatch.unknown.reason)
        }
    }

    @Test("after an outage Cloudflare is asked to come back, for one report interval, and no report is older for it")
    func outage() async throws {
        try await ScorerHarness.run { scorer in
            let device = try await scorer.newDevice()
            #expect(try await scorer.report(device, device.report(warpIDs: ["w"])).status == 200)
            try await scorer.scorer().recordHeartbeat()
            scorer.clock.advance(seconds: 30 * 3600)
            let after = try scorer.scorer()
            try await after.start(with: .standard)
            let row = [PostureRow(deviceID: "w", hostname: "laptop-1")]
            do {
                _ = try await after.postureQuery.answer(row, at: scorer.clock.now)
                Issue.record("an answer")
            } catch let problem as Problem { #expect(problem.isOf(.unavailable)) }
            scorer.clock.advance(seconds: Int64(Policy.standard.reportInterval))
            #expect(try await after.postureQuery.answer(row, at: scorer.clock.now)["w"]?.score == 30)
        }
    }
}
