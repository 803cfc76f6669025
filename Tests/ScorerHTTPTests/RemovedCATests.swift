import CurlBridge
import PostureModel
import ScorerModel
import ScorerStore
import ScorerTestSupport
import TestSupport
import Testing
import Verification

@testable import SQLiteStore
@testable import ScorerCore

@Suite("A CA that is removed")
struct RemovedCATests {
    @Test("takes the certificate's points away at the next question of Cloudflare's, without a new report")
    func removal() async throws {
        try await ScorerHarness.run { scorer in
            let corp = try TestCorp.shared()
            let (device, answer) = try await scorer.reported(try corp.proof(by: corp.leaf))
            #expect(answer.score.value == 100)
            #expect(try await scorer.score(of: "warp-1") == 100)
            #expect(try await scorer.delete("/v1/certificates/\(scorer.ca)").hasPrefix("HTTP/1.1 200"))
            #expect(try await scorer.score(of: "warp-1") == 30)
            let record = try await scorer.ownRecord(device).decoded(as: ReportAnswer.self)
            let sentence =
                "\(scorer.ca) is not among the trusted CAs: it was removed, or never added: posture-scorer ca list"
            for rule in record.score.rules.prefix(3) {
                #expect(rule.points == 0 && rule.reason == sentence)
            }
            let again = try await scorer.report(device, proofs: [try corp.proof(by: corp.leaf)])
            #expect(try again.decoded(as: ReportAnswer.self).score.value == 30)
            #expect(scorer.log.all.contains { $0.hasPrefix("warning \(sentence)") })
        }
    }

    @Test("by another process on the same database counts here too, and so does one that comes back under its id")
    func otherProcess() async throws {
        try await ScorerHarness.run { scorer in
            let corp = try TestCorp.shared()
            _ = try await scorer.reported(try corp.proof(by: corp.leaf))
            #expect(try await scorer.score(of: "warp-1") == 100)
            let other = try SQLiteStore(path: scorer.directory.file("scorer.sqlite"))
            let stored = try #require(try await other.cas([scorer.ca]).first)
            #expect(try await other.commit([.removeCA(id: scorer.ca)]) == .committed)
            #expect(try await scorer.score(of: "warp-1") == 30)
            #expect(try await other.commit([.addCA(stored, limit: 1000)]) == .committed)
            #expect(try await scorer.score(of: "warp-1") == 100, "the report of before is good again")
        }
    }

    @Test("lets nobody register by a certificate any more")
    func registration() async throws {
        try await ScorerHarness.run { scorer in
            let proof = try TestCorp.shared().proof(by: TestCorp.shared().leaf)
            #expect(try await scorer.register(try TestDevice(), token: nil, proofs: [proof]).status == 201)
            _ = try await scorer.store.commit([.removeCA(id: scorer.ca)])
            let response = try await scorer.register(try TestDevice(), token: nil, proofs: [proof])
            #expect(response.isProblem(.enrolmentRefused))
        }
    }

    static let unknown = "00000000-0000-4000-8000-000000000000"

    @Test("or never was there leaves the others of its check good, and is said once")
    func oneOfTwo() async throws {
        try await ScorerHarness.run { check, _ in
            check.trusted.append(Self.unknown)
        } _: { scorer in
            let corp = try TestCorp.shared()
            let (_, answer) = try await scorer.reported(try corp.proof(by: corp.leaf))
            #expect(answer.score.value == 100)
            let strange = try await scorer.newDevice()
            let refused = try await scorer.report(strange, proofs: [try corp.proof(by: corp.strangeLeaf)])
            let reason = try refused.decoded(as: ReportAnswer.self).score.rules.first?.reason
            #expect(reason?.contains("CN=Another Root") == true && reason?.contains(Self.unknown) == true)
            #expect(scorer.log.all.count { $0.hasPrefix("warning \(Self.unknown) is not among") } == 1)
        }
    }

    @Test("is so too where the database holds something else in its place")
    func damaged() async throws {
        try await ScorerHarness.run { scorer in
            let corp = try TestCorp.shared()
            _ = try await scorer.reported(try corp.proof(by: corp.leaf))
            let path = scorer.directory.file("scorer.sqlite")
            try runSQLite([path, "UPDATE trusted_ca SET certificates = 'nothing'"])
            #expect(try await scorer.score(of: "warp-1") == 30)
            #expect(scorer.log.all.contains { $0.hasPrefix("error a trusted CA in the database cannot be read") })
            #expect(try await scorer.operate(.get, "/v1/certificates").status == 200)
            let other = corp.strangeRoot.pem.replacing("\n", with: "'||char(10)||'")
            try runSQLite([path, "UPDATE trusted_ca SET certificates = '\(other)'"])
            #expect(try await scorer.score(of: "warp-1") == 30)
        }
    }

    @Test("is seen by operators in the verdicts, as is what the certificate said")
    func verdicts() async throws {
        struct Record: Decodable {
            struct Check: Decodable, Equatable {
                var id: String
                var level: String
                var code: String?
                var reason: String
                var anchor: String?
                var bound: [String: String]
                var holds_until: Int?
                var warning: String?
            }
            var score: Score
            var checks: [Check]
        }
        try await ScorerHarness.run { check, _ in
            check.requirements.names.commonName = try .init("laptop-1.acme.test")
            check.requirements.names.alternativeNames = [try .init("${hostname}.acme.test")]
        } _: { scorer in
            let corp = try TestCorp.shared()
            let (device, _) = try await scorer.reported(try corp.proof(by: corp.leaf))
            let before = try await scorer.operate(.get, "/v1/devices/\(device.id)").decoded(as: Record.self)
            let check = try #require(before.checks.first)
            #expect(before.score.value == 100 && before.checks.count == 1)
            #expect(check.id == "corp" && check.level == "proven" && check.code == nil)
            #expect(check.bound == ["hostname": "laptop-1"])
            #expect(check.holds_until == 2_082_758_400 && check.anchor?.count == 43)
            #expect(check.warning == nil)
            _ = try await scorer.store.commit([.removeCA(id: scorer.ca)])
            let after = try await scorer.operate(.get, "/v1/devices/\(device.id)").decoded(as: Record.self)
            #expect(after.checks.first?.level == "none" && after.checks.first?.code == "untrusted_issuer")
            #expect(after.checks.first?.bound == check.bound && after.checks.first?.anchor == check.anchor)
        }
    }
}
