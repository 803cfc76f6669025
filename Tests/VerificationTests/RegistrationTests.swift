import OpenSSLBridge
import PostureModel
import TestSupport
import Testing
import Verification

@Suite("A registration")
struct RegistrationTests {
    let sender: Sender
    let payload: [UInt8]

    init() throws {
        sender = try Sender()
        payload = try Wire.encode(Registration(device: sender.id, audience: Sender.audience, token: "token-1"))
    }

    private func verified(
        _ payload: [UInt8],
        _ signatures: [JWS.Signature],
        at time: Timestamp = Day.now
    ) throws -> VerifiedRegistration {
        let message = try UnverifiedMessage(parsing: Sender.message(payload, signatures))
        let nonce = try sender.authority.verify(message.nonce, at: Day.now)
        let authentic = try sender.verifier.authenticRegistration(message, nonce: nonce)
        return try sender.verifier.registration(authentic, checks: sender.checks(), at: time)
    }

    @Test("brings the device's key and a token")
    func token() throws {
        let registration = try verified(payload, [sender.own(payload, .registration)])
        #expect(try registration.device == sender.id)
        #expect(registration.key == sender.device.publicKey.jwk)
        #expect(registration.token == "token-1")
        #expect(registration.provenCertificate == nil)
    }

    @Test("may bring a certificate's proof instead")
    func proof() throws {
        let payload = try Wire.encode(Registration(device: sender.id, audience: Sender.audience, token: nil))
        let own = try sender.own(payload, .registration)
        let registration = try verified(payload, [own, sender.proof(payload, .registration)])
        #expect(registration.token == nil)
        let leaf = try Certificate(der: sender.leaf.der)
        #expect(registration.provenCertificate == leaf.fingerprint)
        #expect(try verified(payload, [own]).provenCertificate == nil)
        let late = Day.end.adding(seconds: 60)
        #expect(try verified(payload, [own, sender.proof(payload, .registration)], at: late).provenCertificate == nil)
        // The proof of a report is none here, nor is that of another key or of another check.
        #expect(try verified(payload, [own, sender.proof(payload, .report)]).provenCertificate == nil)
        var header = try sender.proofHeader(.registration)
        let forged = try sender.signature(header, over: payload, by: sender.device, certificates: [sender.leaf])
        #expect(try verified(payload, [own, forged]).provenCertificate == nil)
        header.role = "other"
        let key = try PrivateKey(pem: sender.leaf.keyPEM)
        let other = try sender.signature(header, over: payload, by: key, certificates: [sender.leaf])
        #expect(try verified(payload, [own, other]).provenCertificate == nil)
    }

    @Test("is refused with any key but one on P-256")
    func otherKeys() throws {
        for kind in [PrivateKey.Kind.rsa(bits: 2048), .p384] {
            let key = try PrivateKey.generate(kind)
            var header = try sender.header(.registration)
            (header.jwk, header.alg) = (key.publicKey.jwk, key.publicKey.jwk.algorithm)
            let own = try sender.signature(header, over: payload, by: key)
            expectProblem(.malformed, "P-256") { try verified(payload, [own]) }
        }
        var header = try sender.header(.registration)
        header.jwk = nil
        let own = try sender.signature(header, over: payload, by: sender.device)
        expectProblem(.malformed, "'jwk'") { try verified(payload, [own]) }
    }

    @Test("is refused with a point off the curve")
    func offCurve() throws {
        var header = try sender.header(.registration)
        let ones = [UInt8](repeating: 1, count: 32)
        header.jwk = .ec(curve: .p256, x: ones, y: ones)
        let own = try sender.signature(header, over: payload, by: sender.device)
        expectProblem(.malformed, "the device key is malformed") { try verified(payload, [own]) }
    }

    @Test("is refused when another key signed it, or it names another device")
    func otherDevice() throws {
        let other = try PrivateKey.generate(.p256)
        let forged = try sender.signature(sender.header(.registration), over: payload, by: other)
        expectProblem(.badSignature) { try verified(payload, [forged]) }
        let foreign = try Wire.encode(Registration(device: Sender.id(of: other), audience: Sender.audience, token: nil))
        expectProblem(.badSignature, "another device") { try verified(foreign, [sender.own(foreign, .registration)]) }
        var header = try sender.header(.registration)
        header.kid = try sender.id.rawValue
        let both = try sender.signature(header, over: payload, by: sender.device)
        expectProblem(.badSignature) { try verified(payload, [both]) }
    }

    @Test("is refused for another audience, as another message, or without a payload of its kind")
    func others() throws {
        let foreign = try Wire.encode(Registration(device: sender.id, audience: "https://other.test", token: nil))
        expectProblem(.wrongAudience, "https://other.test") {
            try verified(foreign, [sender.own(foreign, .registration)])
        }
        var header = try sender.header(.registration)
        header.typ = .report
        let own = try sender.signature(header, over: payload, by: sender.device)
        expectProblem(.malformed, "/v1/devices") { try verified(payload, [own]) }
        for text in ["", "{}", "[]"] {
            let empty = Array(text.utf8)
            expectProblem(.malformed, "the registration") { try verified(empty, [sender.own(empty, .registration)]) }
        }
    }

    @Test("is another message than a look at one's own record")
    func ownRecord() throws {
        let own = try sender.own([], .ownRecord)
        func device(_ payload: [UInt8], _ signature: JWS.Signature) throws -> DeviceID {
            let message = try UnverifiedMessage(parsing: Sender.message(payload, [signature]))
            let nonce = try sender.authority.verify(message.nonce, at: Day.now)
            return try sender.verifier.ownRecord(message, of: sender.known, nonce: nonce).device
        }
        #expect(try device([], own) == sender.id)
        expectProblem(.malformed, "empty payload") { try device([0x20], sender.own([0x20], .ownRecord)) }
        expectProblem(.malformed) { try device([], sender.own([], .registration)) }
        expectProblem(.malformed) { try device([], sender.own([], .report)) }
        let other = try PrivateKey.generate(.p256)
        let forged = try sender.signature(sender.header(.ownRecord), over: [], by: other)
        expectProblem(.badSignature) { try device([], forged) }
        expectProblem(.badSignature) { try device([], sender.own([0x20], .ownRecord)) }
    }
}
