import CurlBridge
import OpenSSLBridge
import PostureModel
import ScorerModel
import ScorerStore
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerCore

@Suite("A report over HTTP")
struct ReportRouteTests {
    @Test("of a device that registered with a token gets its score, and again at the device's own record")
    func wholePath() async throws {
        try await ScorerHarness.run { scorer in
            let device = try TestDevice()
            let registered = try await scorer.register(device, token: try await scorer.token())
            #expect(registered.status == 201)
            #expect(try registered.decoded(as: DeviceAnswer.self).device == device.id)
            #expect(try await scorer.ownRecord(device).isProblem(.notFound))

            let response = try await scorer.report(device)
            #expect(response.status == 200)
            #expect(response.headers["content-type"] == "application/json")
            let answer = try response.decoded(as: ReportAnswer.self)
            #expect(answer.device == device.id)
            #expect(answer.score.value == 30)
            #expect(answer.nextReportIn == 300)
            #expect(answer.score.rules.first?.reason == "no certificate")

            scorer.clock.advance(seconds: 43_200)
            let later = try await scorer.ownRecord(device)
            #expect(later.status == 200)
            let record = try later.decoded(as: ReportAnswer.self)
            #expect(record.receivedAt == answer.receivedAt)
            #expect(record.score.value == 20, "half a day old: 10 of 20 points for freshness")
        }
    }

    @Test("with its certificate's proof scores 100, until the certificate expires")
    func proven() async throws {
        try await ScorerHarness.run { scorer in
            let (corp, device) = (try TestCorp.shared(), try await scorer.newDevice())
            let proof = try corp.proof(by: corp.leaf)
            let answer = try await scorer.report(device, proofs: [proof]).decoded(as: ReportAnswer.self)
            #expect(answer.score.value == 100)

            scorer.clock.advance(seconds: 300_000_000)
            let late = try await scorer.report(device, proofs: [proof]).decoded(as: ReportAnswer.self)
            #expect(late.score.value == 30)
            #expect(late.score.rules.first?.reason.contains("expired at 2036-01-01T00:00:00Z") == true)
        }
    }

    @Test("is kept with the time since which each rule fails: since ever in the first report, then since it began")
    func failing() async throws {
        try await ScorerHarness.run { scorer in
            let (corp, device) = (try TestCorp.shared(), try await scorer.newDevice())
            let proof = try corp.proof(by: corp.leaf)
            func record(_ proofs: [TestDevice.Proof], serial: String = "PF0FAKE1") async throws -> DeviceRecord {
                scorer.clock.advance(seconds: 60)
                #expect(try await scorer.report(device, device.report(serial: serial), proofs: proofs).status == 200)
                return try #require(try await scorer.store.record(of: device.id))
            }
            let first = try await record([]).failingSince
            #expect(first["certificate_proven"] == Timestamp(seconds: 0) && first["serial_known"] == nil)
            #expect(try await record([]).failingSince == first, "it never passed")
            #expect(try await record([proof]).failingSince["certificate_proven"] == nil)
            let failed = try await record([])
            let began = try #require(failed.failingSince["certificate_proven"])
            #expect(began == failed.newest?.receivedAt)
            let junk = try await record([], serial: "Default string")
            #expect(junk.failingSince["certificate_proven"] == began)
            #expect(junk.failingSince["serial_known"] == junk.newest?.receivedAt && junk.newest?.receivedAt != began)
        }
    }

    /// Somebody else's certificate, used as well as they can.
    enum Theft: CaseIterable {
        case copiedProof, keyOfOwn, strangeCA, noChain
    }

    @Test(
        "with a certificate that is not its own is stored, without the points and with the reason",
        arguments: Theft.allCases
    )
    func stolenProof(theft: Theft) async throws {
        try await ScorerHarness.run { scorer in
            let (corp, thief) = (try TestCorp.shared(), try await scorer.newDevice())
            let nonce = try await scorer.nonce()
            let payload = try Wire.encode(thief.report())
            var message = try thief.message(.report, payload: payload, nonce: nonce)
            switch theft {
            case .copiedProof:
                let owner = try TestDevice()
                let proven = try owner.message(
                    .report,
                    payload: try Wire.encode(owner.report()),
                    nonce: nonce,
                    proofs: [try corp.proof(by: corp.leaf)]
                )
                let own = try JWS(parsing: message)
                let signatures = own.signatures + (try JWS(parsing: proven).signatures.dropFirst())
                message = try JWS(encodedPayload: own.encodedPayload, payload: payload, signatures: signatures)
                    .encoded()
            case .keyOfOwn:
                let proof = TestDevice.Proof(role: "corp", key: thief.key, certificates: [corp.leaf.der])
                message = try thief.message(.report, payload: payload, nonce: nonce, proofs: [proof])
            case .strangeCA:
                let proof = try corp.proof(by: corp.strangeLeaf)
                message = try thief.message(.report, payload: payload, nonce: nonce, proofs: [proof])
            case .noChain:
                let proof = TestDevice.Proof(role: "corp", key: thief.key, certificates: [])
                message = try thief.message(.report, payload: payload, nonce: nonce, proofs: [proof])
            }
            let response = try await scorer.post(.report, message)
            #expect(response.status == 200)
            #expect(try response.decoded(as: ReportAnswer.self).score.value == 30)
            let verdict = try await scorer.store.record(of: thief.id)?.newest?.checks.first
            #expect(verdict?.level == ProofLevel.none)
            let codes: [Theft: String] = [
                .copiedProof: "bad_proof", .keyOfOwn: "bad_proof", .strangeCA: "issuer_unknown",
                .noChain: "no_certificate",
            ]
            #expect(verdict?.code == codes[theft])
            #expect(verdict?.reason.isEmpty == false)
        }
    }

    @Test(
        "may claim any time of the years 1 to 9999, and whatever it claims, the scorer stands",
        arguments: [
            (Int64.min, 400), (-62_135_596_801, 400), (-62_135_596_800, 200), (-1, 200), (253_402_300_799, 200),
            (.max, 400),
        ]
    )
    func farTimes(seconds: Int64, status: Int) async throws {
        try await ScorerHarness.run { scorer in
            let device = try await scorer.newDevice()
            var report = device.report()
            report.collectedAt = Timestamp(seconds: 0)
            let text = String(decoding: try Wire.encode(report), as: UTF8.self)
            let far = text.replacing(#""collected_at":0"#, with: #""collected_at":\#(seconds)"#)
            let message = try device.message(.report, payload: Array(far.utf8), nonce: try await scorer.nonce())
            #expect(try await scorer.post(.report, message).status == status)
            #expect(try await scorer.ownRecord(device).status == (status == 200 ? 200 : 404))
        }
    }
}
