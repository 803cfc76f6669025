import CurlBridge
import OpenSSLBridge
import PostureModel
import ScorerModel
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerCore
@testable import Scoring

@Suite("Who has stolen something")
struct StolenThingsTests {
    /// What shows the company's certificate, which is public, without its key.
    static func shown(_ corp: TestCorp) throws -> [CheckFinding] {
        let fingerprint = try Certificate(der: corp.leaf.der).fingerprint
        let found = FoundCertificate(fingerprint: fingerprint, privateKey: .present, chain: [corp.leaf.der])
        return [CheckFinding(id: "corp", certificate: .found(found))]
    }

    @Test(
        "an enrolment token, and shows another's certificate, does not pass, and being blocked takes nothing from its owner"
    )
    func token() async throws {
        try await ScorerHarness.run(access: DecisionEffectTests.withReasons) { (scorer: ScorerHarness) async throws in
            let corp = try TestCorp.shared()
            let (owner, thief) = (try await scorer.newDevice(), try await scorer.newDevice())
            let proof = try corp.proof(by: corp.leaf)
            let own = owner.report(warpIDs: ["owner"], hostname: "owner")
            #expect(try await scorer.report(owner, own, proofs: [proof]).status == 200)
            let report = thief.report(
                serial: "PF0FAKE2",
                warpIDs: ["thief"],
                hostname: "thief",
                checks: try Self.shown(corp)
            )
            #expect(try await scorer.report(thief, report).status == 200)
            let score = try #require(try await DecisionEffectTests.entry(scorer, "thief", hostname: "thief")?.score)
            #expect(score == 30, "the certificate's key counts for its owner")
            // It claims the owner's serial number, too, and is blocked with all that is its own.
            let claim = thief.report(warpIDs: ["thief"], hostname: "thief", checks: try Self.shown(corp))
            #expect(try await scorer.report(thief, claim).status == 200)
            let blocked = try await scorer.someone.block(
                thief.id.rawValue,
                reason: "stolen token",
                by: scorer.scorer().devices
            )
            #expect(blocked.blocks.map(\.kind) == [.device, .deviceKey])
            #expect(
                try await DecisionEffectTests.entry(scorer, "thief", hostname: "thief")
                    == .init(s2sID: "\(thief.id):blocked", score: 0)
            )
            #expect(
                try await DecisionEffectTests.entry(scorer, "owner", hostname: "owner")
                    == .init(s2sID: owner.id.rawValue, score: 100)
            )
        }
    }

    @Test("a machine does not get out of its block by what it reported last")
    func machine() async throws {
        try await ScorerHarness.run(access: DecisionEffectTests.withReasons) { (scorer: ScorerHarness) async throws in
            let corp = try TestCorp.shared()
            let proof = try corp.proof(by: corp.leaf)
            let machine = try await scorer.newDevice()
            #expect(try await scorer.report(machine, machine.report(), proofs: [proof]).status == 200)
            #expect(try await scorer.report(machine, machine.report(serial: "Default string")).status == 200)
            let blocked = try await scorer.someone.block(
                machine.id.rawValue,
                reason: "lost",
                by: scorer.scorer().devices
            )
            #expect(blocked.blocks.map(\.kind) == [.device, .deviceKey, .certificateKey])
            let again = try await scorer.newDevice()
            let report = again.report(serial: "PF0FAKE2", warpIDs: ["again"])
            #expect(try await scorer.report(again, report, proofs: [proof]).status == 200)
            let answer = try await DecisionEffectTests.entry(scorer, "again")
            #expect(answer == .init(s2sID: "\(again.id):blocked", score: 0))
            let own = try await scorer.ownRecord(again).decoded(as: ReportAnswer.self)
            #expect(own.score.cap?.contains("with the device \(machine.id)") == true)
        }
    }
}
