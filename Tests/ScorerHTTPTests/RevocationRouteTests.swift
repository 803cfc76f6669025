import CurlBridge
import Foundation
import Glibc
import OpenSSLBridge
import PostureModel
import ScorerModel
import ScorerStore
import ScorerTestSupport
import TestSupport
import Testing
import Verification

@testable import SQLiteStore
@testable import ScorerCore
@testable import Scoring

@Suite("A certificate that is revoked")
struct RevocationRouteTests {
    let corp: TestCorp

    init() throws { corp = try TestCorp.shared() }

    /// A check whose CRLs are these files of the harness's directory.
    func run(
        _ files: [String: [UInt8]],
        soft: Bool = false,
        intermediates: [TestCertificate] = [],
        _ body: @Sendable (ScorerHarness) async throws -> Void
    ) async throws {
        try await ScorerHarness.run { check, scorer in
            for (name, bytes) in files { check.crls.append(try scorer.directory.write(bytes, to: name)) }
            check.requirements.revocation.failureMode = soft ? .soft : .hard
            check.requirements.intermediates = try intermediates.map { try .init(der: $0.der) }
        } _: {
            try await body($0)
        }
    }

    /// Replaces a file at once, as one should, and lets the second pass in which it may not be looked at.
    func replace(_ name: String, _ bytes: [UInt8], _ scorer: ScorerHarness, mode: mode_t = 0o644) throws {
        let new = try scorer.directory.write(bytes, to: "\(name).new")
        #expect(unsafe chmod(new, mode) == 0)
        #expect(unsafe rename(new, scorer.directory.file(name)) == 0)
        scorer.clock.advance(seconds: 1)
    }

    /// A CRL of the day before the clock's start, made in this minute: those of later minutes are newer.
    static func list(
        _ minute: Int,
        by ca: TestCertificate,
        revoking revoked: [[UInt8]] = [],
        until end: String = "20360101000000Z"
    ) throws -> [UInt8] {
        try TestCRL.make(by: ca, revoking: revoked, from: "2027011408\(minute + 10)00Z", until: end)
    }

    func reason(_ scorer: ScorerHarness, _ device: TestDevice) async throws -> String {
        let record = try await scorer.ownRecord(device).decoded(as: ReportAnswer.self)
        return try #require(record.score.rules.first?.reason)
    }

    @Test("is worth nothing at Cloudflare's next question after its CRL was replaced", arguments: [false, true])
    func replaced(soft: Bool) async throws {
        let proof = try corp.proof(by: corp.leaf)
        try await run(["crl.pem": Self.list(0, by: corp.root)], soft: soft) { scorer in
            let (device, answer) = try await scorer.reported(proof)
            #expect(answer.score.value == 100, "\(answer.score)")
            try replace("crl.pem", try Self.list(1, by: corp.root, revoking: [corp.leaf.der]), scorer)
            #expect(try await scorer.score(of: "warp-1") == 30)
            #expect(try await reason(scorer, device).hasSuffix("was revoked by CN=Corp Root: issue a new one"))
            let again = try await scorer.report(device, proofs: [proof]).decoded(as: ReportAnswer.self)
            #expect(again.score.value == 30)
            let verdict = try await scorer.store.record(of: device.id)?.newest?.checks.first
            #expect(verdict?.code == CertificateProblem.Code.revoked.rawValue)
            #expect(scorer.log.all.contains { $0.hasPrefix("notice CRLs read again") })
        }
    }

    @Test("is good again where a newer CRL has it no more, as after a hold")
    func hold() async throws {
        let revoked = try Self.list(3, by: corp.root, revoking: [corp.deepLeaf.der, corp.issuing.der])
        let proof = try corp.proof(by: corp.leaf)
        try await run(["crl.pem": Self.list(0, by: corp.root)]) { scorer in
            _ = try await scorer.reported(proof)
            try replace("crl.pem", try Self.list(2, by: corp.root, revoking: [corp.leaf.der]), scorer)
            #expect(try await scorer.score(of: "warp-1") == 30)
            try replace("crl.pem", revoked, scorer)
            #expect(try await scorer.score(of: "warp-1") == 100)
        }
    }

    @Test("is so where the CA above it was revoked, and its CRL is of a CA that the scorer has")
    func revokedCA() async throws {
        let lists = ["root.pem": try Self.list(0, by: corp.root), "issuing.pem": try Self.list(0, by: corp.issuing)]
        let proof = try corp.proof(by: corp.deepLeaf, above: [corp.issuing])
        try await run(lists, intermediates: [corp.issuing]) { scorer in
            let (device, answer) = try await scorer.reported(proof)
            #expect(answer.score.value == 100, "\(answer.score)")
            try replace("root.pem", try Self.list(1, by: corp.root, revoking: [corp.issuing.der]), scorer)
            #expect(try await reason(scorer, device).hasPrefix("the CA's certificate with the serial number"))
            try replace("root.pem", try Self.list(2, by: corp.root), scorer)
            #expect(try await scorer.score(of: "warp-1") == 100)
            try replace("issuing.pem", try Self.list(3, by: corp.issuing, revoking: [corp.deepLeaf.der]), scorer)
            #expect(try await reason(scorer, device).hasSuffix("was revoked by CN=Corp Issuing: issue a new one"))
        }
    }

    @Test("by a CA that is not at hand is refused at the next report, and that is said")
    func issuerElsewhere() async throws {
        let lists = ["root.pem": try Self.list(0, by: corp.root), "issuing.pem": try Self.list(0, by: corp.issuing)]
        let proof = try corp.proof(by: corp.deepLeaf, above: [corp.issuing])
        try await run(lists) { scorer in
            let (device, answer) = try await scorer.reported(proof)
            #expect(answer.score.value == 100, "\(answer.score)")
            try replace("issuing.pem", try Self.list(1, by: corp.issuing, revoking: [corp.deepLeaf.der]), scorer)
            #expect(try await scorer.score(of: "warp-1") == 100)
            let again = try await scorer.report(device, proofs: [proof]).decoded(as: ReportAnswer.self)
            #expect(again.score.value == 30)
            let sentence = "warning the CRL of CN=Corp Issuing was signed by none of the check's trusted CAs"
            #expect(scorer.log.all.count { $0.hasPrefix(sentence) } == 1)
        }
    }

    @Test("is not so by a CRL that somebody else signed in the CA's name")
    func forged() async throws {
        let stranger = try TestPKI().ca("Corp Root", validity: .years)
        let proof = try corp.proof(by: corp.leaf)
        try await run(["crl.pem": Self.list(0, by: corp.root)]) { scorer in
            _ = try await scorer.reported(proof)
            try replace("crl.pem", try Self.list(1, by: stranger, revoking: [corp.leaf.der]), scorer)
            #expect(try await scorer.score(of: "warp-1") == 100)
        }
    }

    @Test(
        "or not is unknown once its CRL is out of date: with hard failure its points go after the grace",
        arguments: [false, true]
    )
    func stale(soft: Bool) async throws {
        // The clock starts on 2027-01-15 at 08:00.
        let list = try Self.list(0, by: corp.root, until: "20270115090000Z")
        let proof = try corp.proof(by: corp.leaf)
        try await run(["crl.pem": list], soft: soft) { scorer in
            let (device, answer) = try await scorer.reported(proof)
            #expect(answer.score.value == 100, "\(answer.score)")
            scorer.clock.advance(seconds: 3600)
            for _ in 0..<2 {
                #expect(try await scorer.score(of: "warp-1") == 100)
                let again = try await scorer.report(device, device.report(warpIDs: ["warp-1"]), proofs: [proof])
                #expect(try again.decoded(as: ReportAnswer.self).score.value == 100)
                scorer.clock.advance(seconds: 60)
            }
            let sentence = "warning the scorer's CRL of CN=Corp Root is overdue since 2027-01-15T09:00:00Z"
            #expect(scorer.log.all.count { $0.hasPrefix(sentence) } == 1)
            scorer.clock.set(TestClock.start.adding(seconds: 3600 + Policy.standard.certificates.crlGrace))
            let late = try await scorer.report(device, device.report(warpIDs: ["warp-1"]), proofs: [proof])
            #expect(try late.decoded(as: ReportAnswer.self).score.value == (soft ? 100 : 30))
            #expect(try await scorer.score(of: "warp-1") == (soft ? 100 : 30))
            if !soft {
                #expect(
                    try await reason(scorer, device).contains("the scorer's CRL was good until 2027-01-15T09:00:00Z")
                )
            }
        }
    }

    @Test("stays so while its CRL's file is gone or broken, which is said once")
    func broken() async throws {
        let revoked = try Self.list(1, by: corp.root, revoking: [corp.leaf.der])
        let proof = try corp.proof(by: corp.leaf)
        try await run(["crl.pem": Self.list(0, by: corp.root)]) { scorer in
            _ = try await scorer.reported(proof)
            try replace("crl.pem", revoked, scorer)
            #expect(try await scorer.score(of: "warp-1") == 30)
            for bytes in [Array("no CRL".utf8), Array(revoked.prefix(200)), []] {
                try replace("crl.pem", bytes, scorer)
                #expect(try await scorer.score(of: "warp-1") == 30)
            }
            let unowned = try Self.list(2, by: corp.root)
            #expect(unsafe chmod(scorer.directory.path, 0o755) == 0)
            try replace("crl.pem", unowned, scorer, mode: 0o666)
            #expect(try await scorer.score(of: "warp-1") == 30, "anybody could have written it")
            try FileManager.default.removeItem(atPath: scorer.directory.file("crl.pem"))
            scorer.clock.advance(seconds: 1)
            #expect(try await scorer.score(of: "warp-1") == 30)
            #expect(scorer.log.all.count { $0.hasPrefix("error the CRLs of a file cannot be read") } == 1)
            try replace("crl.pem", try Self.list(3, by: corp.root), scorer)
            #expect(try await scorer.score(of: "warp-1") == 100)
            try replace("crl.pem", [], scorer)
            #expect(try await scorer.score(of: "warp-1") == 100)
            #expect(scorer.log.all.count { $0.hasPrefix("error the CRLs of a file cannot be read") } == 2)
        }
    }

    @Test("within the second in which the file was looked at already is so after it")
    func onceASecond() async throws {
        let proof = try corp.proof(by: corp.leaf)
        try await run(["crl.pem": Self.list(0, by: corp.root)]) { scorer in
            _ = try await scorer.reported(proof)
            scorer.clock.advance(seconds: 1)
            #expect(try await scorer.score(of: "warp-1") == 100)
            try replace("crl.pem", try Self.list(1, by: corp.root, revoking: [corp.leaf.der]), scorer)
            scorer.clock.advance(seconds: -1)
            #expect(try await scorer.score(of: "warp-1") == 100)
            scorer.clock.advance(seconds: 1)
            #expect(try await scorer.score(of: "warp-1") == 30)
        }
    }

    @Test("has its files read at the start, and one that cannot be read then is an error")
    func atStart() async throws {
        await #expect(throws: (any Error).self) { try await run(["crl.pem": Array("no CRL".utf8)]) { _ in } }
    }
}
