import CurlBridge
import OpenSSLBridge
import PostureModel
import ScorerTestSupport
import Synchronization
import TestSupport
import Testing
import Verification

@testable import ScorerCore
@testable import Scoring

/// Judges as the scorer does, and counts how often it was asked.
final class CountingJudge: CertificateEvidenceJudge {
    private let verifier = MessageVerifier(audience: TestDevice.audience)
    private let counts = Mutex((reports: 0, registrations: 0))

    var reports: Int { counts.withLock { $0.reports } }
    var registrations: Int { counts.withLock { $0.registrations } }

    func report(
        _ authentic: AuthenticMessage<Report>,
        checks: [String: CertificateRequirements],
        at now: Timestamp
    ) -> VerifiedReport {
        counts.withLock { $0.reports += 1 }
        return verifier.report(authentic, checks: checks, at: now)
    }

    func registration(
        _ authentic: AuthenticMessage<Registration>,
        checks: [String: CertificateRequirements],
        at now: Timestamp
    ) -> VerifiedRegistration {
        counts.withLock { $0.registrations += 1 }
        return verifier.registration(authentic, checks: checks, at: now)
    }
}

@Suite("Certificates that came with a message")
struct JudgingOrderTests {
    let judge = CountingJudge()

    func proof() throws -> [TestDevice.Proof] { [try TestCorp.shared().proof(by: TestCorp.shared().leaf)] }

    @Test("are judged once, where they are what lets a new device in")
    func byCertificate() async throws {
        try await ScorerHarness.run(judge: judge) { scorer in
            #expect(try await scorer.register(try TestDevice(), token: nil, proofs: proof()).status == 201)
            #expect(judge.registrations == 1)
            // Bad ones are judged once, too, and a token that is none does not change that.
            let bad = [try TestCorp.shared().proof(by: TestCorp.shared().strangeLeaf)]
            let refused = try await scorer.register(try TestDevice(), token: "pet_none", proofs: bad)
            #expect(refused.isProblem(.enrolmentRefused))
            #expect(judge.registrations == 2)
        }
    }

    @Test("are never judged where a token lets the device in, or where it is known")
    func byToken() async throws {
        try await ScorerHarness.run(judge: judge) { scorer in
            let device = try TestDevice()
            for _ in 0..<2 {
                let answer = try await scorer.register(device, token: try await scorer.token(), proofs: proof())
                #expect(answer.status == 201)
            }
            #expect(try await scorer.register(device, token: nil, proofs: proof()).status == 201)
            #expect(judge.registrations == 0)
        }
    }

    @Test("are never judged where the policy lets nobody in by them", arguments: [nil, "pet_none"])
    func notByCertificate(token: String?) async throws {
        var policy = Policy.standard
        policy.registration.byCertificate = false
        try await ScorerHarness.run(policy: policy, judge: judge) { scorer in
            let answer = try await scorer.register(try TestDevice(), token: token, proofs: proof())
            #expect(answer.isProblem(.enrolmentRefused))
            #expect(judge.registrations == 0)
        }
    }

    @Test("are never judged for a check that there is not")
    func otherCheck() async throws {
        try await ScorerHarness.run(judge: judge) { scorer in
            let other = try proof().map { TestDevice.Proof(role: "other", key: $0.key, certificates: $0.certificates) }
            let answer = try await scorer.register(try TestDevice(), token: nil, proofs: other)
            #expect(answer.isProblem(.enrolmentRefused))
            #expect(judge.registrations == 0)
        }
    }

    /// What is wrong with a message, besides its certificates.
    enum Fault: CaseIterable {
        case size, syntax, nonce, oldNonce, signature, audience, payload, member, unknownDevice

        var problem: Problem.Kind {
            switch self {
            case .size: .tooLarge
            case .syntax, .payload, .member: .malformed
            case .nonce, .oldNonce: .badNonce
            case .signature: .badSignature
            case .audience: .wrongAudience
            case .unknownDevice: .unknownDevice
            }
        }
    }

    @Test("are never judged where anything cheaper is wrong with the message", arguments: Fault.allCases)
    func cheaper(fault: Fault) async throws {
        try await ScorerHarness.run(judge: judge) { scorer in
            let device = fault == .unknownDevice ? try TestDevice() : try await scorer.newDevice()
            let audience = fault == .audience ? "https://other.acme.test" : TestDevice.audience
            let payloads: [(MessageType, [UInt8])] = [
                (.report, try Wire.encode(device.report(bootID: fault == .member ? "x" : nil, audience: audience))),
                (
                    .registration,
                    try device.registration(
                        token: fault == .member ? String(repeating: "t", count: 1000) : nil,
                        audience: audience
                    )
                ),
            ]
            for (type, payload) in payloads where type == .report || fault != .unknownDevice {
                var nonce = try await scorer.nonce()
                if fault == .nonce { nonce = String(nonce.reversed()) }
                if fault == .oldNonce { scorer.clock.advance(seconds: 301) }
                var message = try device.message(
                    type,
                    payload: fault == .payload ? Array("[]".utf8) : payload,
                    nonce: nonce,
                    signer: fault == .signature ? PrivateKey.generate(.p256) : nil,
                    proofs: proof()
                )
                if fault == .size { message += [UInt8](repeating: 0x20, count: 64 * 1024) }
                if fault == .syntax { message.removeLast() }
                let answer = try await scorer.post(type, message)
                #expect(answer.isProblem(fault.problem), "\(type): \(answer.status) \(answer.text)")
            }
            #expect(judge.reports == 0 && judge.registrations == 0)
        }
    }

    @Test("are judged once, however often the same bytes are sent")
    func replay() async throws {
        try await ScorerHarness.run(judge: judge) { scorer in
            let device = try TestDevice()
            let bad = [try TestCorp.shared().proof(by: TestCorp.shared().strangeLeaf)]
            let registration = try device.message(
                .registration,
                payload: device.registration(),
                nonce: try await scorer.nonce(),
                proofs: bad
            )
            #expect(try await scorer.post(.registration, registration).isProblem(.enrolmentRefused))
            for _ in 0..<5 { #expect(try await scorer.post(.registration, registration).isProblem(.badNonce)) }
            #expect(judge.registrations == 1)

            let known = try await scorer.newDevice()
            let payload = try Wire.encode(known.report())
            let report = try known.message(.report, payload: payload, nonce: try await scorer.nonce(), proofs: bad)
            #expect(try await scorer.post(.report, report).status == 200)
            for _ in 0..<5 { #expect(try await scorer.post(.report, report).isProblem(.badNonce)) }
            #expect(judge.reports == 1)
        }
    }

    @Test("of a device's messages with one nonce are judged once, though all are sent at once")
    func oneNonce() async throws {
        try await ScorerHarness.run(judge: judge) { scorer in
            let nonce = try await scorer.nonce()
            let bad = [try TestCorp.shared().proof(by: TestCorp.shared().strangeLeaf)]
            let device = try TestDevice()
            let messages = try (0..<8).map { _ in
                try device.message(.registration, payload: device.registration(), nonce: nonce, proofs: bad)
            }
            try await withThrowingTaskGroup { group in
                for message in messages {
                    let client = scorer.beside()
                    group.addTask { _ = try await client.post(.registration, message) }
                }
                try await group.waitForAll()
            }
            #expect(judge.registrations == 1)
        }
    }
}
