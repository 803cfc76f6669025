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

@Suite("A registration over HTTP")
struct RegistrationRouteTests {
    @Test("is refused without a token or a proof, and with a token that is bad, used up or expired")
    func refusals() async throws {
        try await ScorerHarness.run { scorer in
            let (used, old) = (try await scorer.token(), try await scorer.token(seconds: 60))
            #expect(try await scorer.register(try TestDevice(), token: used).status == 201)
            scorer.clock.advance(seconds: 60)
            let before = try scorer.rows()
            for token in [nil, "", "pet_", "pet_" + String(repeating: "A", count: 43), used, old] {
                let device = try TestDevice()
                #expect(try await scorer.register(device, token: token).isProblem(.enrolmentRefused))
                #expect(try await scorer.report(device).isProblem(.unknownDevice))
            }
            #expect(try scorer.rows() == before)
        }
    }

    @Test("of a device that is known is answered again, and takes no use of a token")
    func twice() async throws {
        try await ScorerHarness.run { scorer in
            let (device, token) = (try TestDevice(), try await scorer.token(uses: 2))
            for _ in 0..<3 { #expect(try await scorer.register(device, token: token).status == 201) }
            #expect(try await scorer.store.tokens(limit: 100).map(\.usesLeft) == [1])
        }
    }

    @Test("may bring a certificate's proof in place of a token")
    func byCertificate() async throws {
        try await ScorerHarness.run { scorer in
            let (corp, device) = (try TestCorp.shared(), try TestDevice())
            let strange = try corp.proof(by: corp.strangeLeaf)
            let unasked = TestDevice.Proof(role: "other", key: device.key, certificates: [corp.leaf.der])
            for proof in [strange, unasked] {
                let response = try await scorer.register(device, token: nil, proofs: [proof])
                #expect(response.isProblem(.enrolmentRefused))
            }
            let proof = try corp.proof(by: corp.leaf)
            #expect(try await scorer.register(device, token: nil, proofs: [proof]).status == 201)
            #expect(try await scorer.report(device).status == 200)
        }
    }

    @Test("by one certificate is good for three devices, and a bad token stands in no certificate's way")
    func certificateLimit() async throws {
        try await ScorerHarness.run { scorer in
            let proof = try TestCorp.shared().proof(by: TestCorp.shared().leaf)
            for token in [nil, "pet_bad", nil] {
                #expect(try await scorer.register(try TestDevice(), token: token, proofs: [proof]).status == 201)
            }
            let before = try scorer.rows()
            let fourth = try await scorer.register(try TestDevice(), token: "pet_bad", proofs: [proof])
            #expect(fourth.isProblem(.enrolmentRefused))
            #expect(fourth.text.contains("token is not known") && fourth.text.contains("3 devices have registered"))
            #expect(try scorer.rows() == before)
            let token = try await scorer.token()
            #expect(try await scorer.register(try TestDevice(), token: token, proofs: [proof]).status == 201)
        }
    }

    @Test("by certificate is refused where the policy says so")
    func policy() async throws {
        var policy = Policy.standard
        policy.registration.byCertificate = false
        let proof = try TestCorp.shared().proof(by: TestCorp.shared().leaf)
        try await ScorerHarness.run(policy: policy) { scorer in
            let response = try await scorer.register(try TestDevice(), token: nil, proofs: [proof])
            #expect(response.isProblem(.enrolmentRefused))
        }
    }

    @Test("is by the key that it brings, and by a P-256 key")
    func key() async throws {
        try await ScorerHarness.run { scorer in
            let (device, other) = (try TestDevice(), try TestDevice())
            let (token, strong) = (try await scorer.token(uses: 9), try PrivateKey.generate(.p384))
            func send(
                payload: [UInt8],
                signer: PrivateKey? = nil,
                edit: (inout ProtectedHeader) -> Void = { _ in }
            ) async throws -> HTTPResponse {
                let nonce = try await scorer.nonce()
                return try await scorer.post(
                    .registration,
                    device.message(.registration, payload: payload, nonce: nonce, signer: signer, edit: edit)
                )
            }
            let own = try device.registration(token: token)
            #expect(try await send(payload: own, signer: other.key).isProblem(.badSignature))
            #expect(try await send(payload: try other.registration(token: token)).isProblem(.badSignature))
            #expect(try await send(payload: own) { $0.jwk = other.key.publicKey.jwk }.isProblem(.badSignature))
            #expect(try await send(payload: own) { $0.kid = device.id.rawValue }.isProblem(.badSignature))
            #expect(try await send(payload: own) { $0.jwk = nil }.isProblem(.malformed))
            let p384 = try await send(payload: own, signer: strong) { header in
                header.jwk = strong.publicKey.jwk
                header.alg = .es384
            }
            #expect(p384.isProblem(.malformed))
            let offCurve = JWK.ec(
                curve: .p256,
                x: [UInt8](repeating: 1, count: 32),
                y: [UInt8](repeating: 1, count: 32)
            )
            #expect(try await send(payload: own) { $0.jwk = offCurve }.isProblem(.malformed))
            let elsewhere = try device.registration(token: token, audience: "https://other.acme.test")
            #expect(try await send(payload: elsewhere).isProblem(.wrongAudience))
            #expect(try await scorer.store.tokens(limit: 100).map(\.usesLeft) == [9])
            #expect(try await send(payload: own).status == 201)
        }
    }
}
