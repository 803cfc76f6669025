import OpenSSLBridge
import PostureModel
import TestSupport
import Testing
import Verification

@Suite("A message")
struct MessageFormTests {
    let sender: Sender
    let payload: [UInt8]

    init() throws {
        sender = try Sender()
        payload = try Wire.encode(sender.report())
    }

    @Test("has one signature by the device, no fewer and no more")
    func deviceSignatures() throws {
        let (own, proof) = (try sender.own(payload), try sender.proof(payload))
        expectProblem(.malformed, "2 signatures of the role 'device'") {
            try UnverifiedMessage(parsing: Sender.message(payload, [own, proof, own]))
        }
        expectProblem(.malformed, "0 signatures of the role 'device'") {
            try UnverifiedMessage(parsing: Sender.message(payload, [proof]))
        }
        expectProblem(.malformed, "0 signatures") { try UnverifiedMessage(parsing: Sender.message(payload, [])) }
    }

    @Test("has one proof for each check at most")
    func twoProofs() throws {
        let (own, proof) = (try sender.own(payload), try sender.proof(payload))
        expectProblem(.malformed, "two proofs for one check") {
            try UnverifiedMessage(parsing: Sender.message(payload, [own, proof, proof]))
        }
    }

    @Test("has 17 signatures at most")
    func manySignatures() throws {
        let own = try sender.own(payload)
        let proofs = try (1...17).map { number in
            var header = try sender.proofHeader()
            header.role = "check-\(number)"
            return try sender.signature(header, over: payload, by: sender.device, algorithm: .es256)
        }
        #expect(try sender.verified(Sender.message(payload, [own] + proofs.prefix(16))).checks.map(\.level) == [.none])
        expectProblem(.malformed, "18 signatures; 1 to 17 are allowed") {
            try UnverifiedMessage(parsing: Sender.message(payload, [own] + proofs))
        }
    }

    @Test("has 10 certificates at one signature at most")
    func manyCertificates() throws {
        let own = try sender.own(payload)
        func proof(_ count: Int) throws -> JWS.Signature {
            let certificates = [sender.leaf] + [TestCertificate](repeating: sender.root, count: count - 1)
            let key = try PrivateKey(pem: sender.leaf.keyPEM)
            return try sender.signature(sender.proofHeader(), over: payload, by: key, certificates: certificates)
        }
        #expect(try sender.verified(Sender.message(payload, [own, proof(10)])).checks.map(\.level) == [.proven])
        expectProblem(.malformed, "11 certificates", "10 are allowed") {
            try UnverifiedMessage(parsing: Sender.message(payload, [own, proof(11)]))
        }
    }

    @Test("is never another message, and never a crash, whichever byte of it is another")
    func everyByte() throws {
        let message = try Sender.message(payload, [sender.own(payload), sender.proof(payload)])
        let original = try sender.verified(message)
        let (verifier, known, checks) = (sender.verifier, try sender.known, try sender.checks())
        var verified = 0
        for index in message.indices {
            var changed = message
            changed[index] ^= index.isMultiple(of: 2) ? 0x01 : 0x02
            guard let read = try? UnverifiedMessage(parsing: changed),
                let nonce = try? sender.authority.verify(read.nonce, at: Day.now),
                let authentic = try? verifier.authenticReport(read, of: known, nonce: nonce)
            else { continue }
            let report = verifier.report(authentic, checks: checks, at: Day.now)
            verified += 1
            #expect(report.report == original.report, "byte \(index)")
            #expect(report.nonceIssuedAt == original.nonceIssuedAt, "byte \(index)")
            let verdict = try #require(report.checks.first)
            #expect(report.checks == original.checks || verdict.level == .none, "byte \(index)")
        }
        // Only what the device's signature does not cover may differ: the proof and its certificate.
        let proof = try sender.proof(payload)
        let uncovered = [proof.encodedHeader, Base64URL.encode(proof.bytes), Base64.encode(sender.leaf.der)]
        #expect(verified <= uncovered.map(\.utf8.count).reduce(100, +))
        #expect(verified > sender.leaf.der.count)
    }

    @Test("is malformed, and no crash, wherever it is cut")
    func truncated() throws {
        let message = try Sender.message(payload, [sender.own(payload)])
        for length in stride(from: 0, to: message.count, by: 3) {
            expectProblem(.malformed, "the message") { try UnverifiedMessage(parsing: Array(message.prefix(length))) }
        }
    }
}
