import OpenSSLBridge
import PostureModel
import TestSupport
import Testing
import Verification

@Suite("A key replacement")
struct KeyReplacementTests {
    let sender: Sender
    let new: PrivateKey
    let payload: [UInt8]

    init() throws {
        sender = try Sender()
        new = try PrivateKey.generate(.p256)
        payload = try Self.payload(sender, new)
    }

    private static func payload(
        _ sender: Sender,
        _ key: PrivateKey,
        of device: DeviceID? = nil,
        audience: String = Sender.audience
    ) throws -> [UInt8] {
        let replacement = KeyReplacement(device: try device ?? sender.id, audience: audience, key: key.publicKey.jwk)
        return try Wire.encode(replacement)
    }

    /// The new key's own signature, with a header that is changed.
    private func signed(
        _ payload: [UInt8]? = nil,
        by key: PrivateKey? = nil,
        _ change: (inout ProtectedHeader) throws -> Void = { _ in }
    ) throws -> JWS.Signature {
        var header = try sender.header(.keyReplacement)
        (header.kid, header.jwk, header.role) = (nil, new.publicKey.jwk, ProtectedHeader.newKeyRole)
        try change(&header)
        return try sender.signature(header, over: payload ?? self.payload, by: key ?? new)
    }

    private func own(_ payload: [UInt8]? = nil, by key: PrivateKey? = nil) throws -> JWS.Signature {
        try sender.signature(sender.header(.keyReplacement), over: payload ?? self.payload, by: key ?? sender.device)
    }

    private func verified(
        _ signatures: [JWS.Signature],
        _ payload: [UInt8]? = nil,
        of device: KnownDevice? = nil
    ) throws -> VerifiedKeyReplacement {
        let message = try UnverifiedMessage(parsing: Sender.message(payload ?? self.payload, signatures))
        let nonce = try sender.authority.verify(message.nonce, at: Day.now)
        return try sender.verifier.keyReplacement(message, of: device ?? sender.known, nonce: nonce)
    }

    @Test("is signed by the device's key and the new one; the id stays")
    func good() throws {
        for signatures in [[try own(), try signed()], [try signed(), try own()]] {
            let replacement = try verified(signatures)
            #expect(try replacement.device == sender.id)
            #expect(replacement.oldKey == sender.device.publicKey.jwk)
            #expect(replacement.newKey == new.publicKey.jwk)
            #expect(try replacement.newThumbprint == Sender.id(of: new).rawValue)
        }
    }

    @Test("may be repeated with the key that it replaced, and names that key")
    func repeated() throws {
        let known = KnownDevice(try sender.id, keys: [new.publicKey.jwk, sender.device.publicKey.jwk])
        #expect(try verified([own(), signed()], of: known).oldKey == sender.device.publicKey.jwk)
    }

    @Test("is refused without the second signature, or with another role, a second one, or a certificate")
    func signatures() throws {
        let other = try signed { $0.role = "laptop" }
        var shown = try signed()
        shown = JWS.Signature(
            header: shown.header,
            encodedHeader: shown.encodedHeader,
            certificates: [sender.leaf.der],
            bytes: shown.bytes
        )
        for signatures in [[try own()], [try own(), other], [try own(), try signed(), other], [try own(), shown]] {
            expectProblem(.malformed) { try verified(signatures) }
        }
        expectProblem(.malformed) { try verified([own(), signed(), signed()]) }
        expectProblem(.malformed) { try verified([signed()]) }
    }

    @Test("is refused where the new key did not sign, or another key than the payload's did")
    func newKey() throws {
        let other = try PrivateKey.generate(.p256)
        expectProblem(.badSignature, "new key") { try verified([own(), signed(by: other)]) }
        expectProblem(.malformed, "'jwk'") {
            try verified([own(), signed(by: other) { $0.jwk = other.publicKey.jwk }])
        }
        expectProblem(.malformed, "'jwk'") { try verified([own(), signed { $0.jwk = nil }]) }
        expectProblem(.malformed, "'kid'") { try verified([own(), signed { $0.kid = try sender.id.rawValue }]) }
        let same = try Self.payload(sender, sender.device)
        let second = try signed(same, by: sender.device) { $0.jwk = sender.device.publicKey.jwk }
        expectProblem(.malformed, "the new key is the one that it would replace") {
            try verified([own(same), second], same)
        }
    }

    @Test("is refused for a key that is not on P-256, or no point of it")
    func kinds() throws {
        for kind in [PrivateKey.Kind.rsa(bits: 2048), .p384] {
            let key = try PrivateKey.generate(kind)
            let payload = try Self.payload(sender, key)
            let second = try signed(payload, by: key) {
                ($0.jwk, $0.alg) = (key.publicKey.jwk, key.publicKey.jwk.algorithm)
            }
            expectProblem(.malformed, "P-256") { try verified([own(payload), second], payload) }
        }
        let ones = [UInt8](repeating: 1, count: 32)
        let jwk = JWK.ec(curve: .p256, x: ones, y: ones)
        let payload = try Wire.encode(KeyReplacement(device: sender.id, audience: Sender.audience, key: jwk))
        expectProblem(.malformed, "the new key is malformed") {
            try verified([own(payload), signed(payload) { $0.jwk = jwk }], payload)
        }
    }

    @Test(
        "is refused where the device's key did not sign, or it is for another device, nonce, address or kind of message"
    )
    func others() throws {
        let other = try PrivateKey.generate(.p256)
        expectProblem(.badSignature) { try verified([own(by: other), signed()]) }
        expectProblem(.badSignature) { try verified([own(by: new), signed()]) }
        let foreign = try Self.payload(sender, new, of: Sender.id(of: other))
        expectProblem(.badSignature, "another device") { try verified([own(foreign), signed(foreign)], foreign) }
        let elsewhere = try Self.payload(sender, new, audience: "https://other.acme.test")
        expectProblem(.wrongAudience) { try verified([own(elsewhere), signed(elsewhere)], elsewhere) }
        let nonce = try #require(sender.authority.issue(at: Day.now))
        expectProblem(.badNonce) { try verified([own(), signed { $0.nonce = nonce }]) }
        expectProblem(.wrongAudience) { try verified([own(), signed { $0.url = Sender.audience + "/v1/reports" }]) }
        expectProblem(.malformed) { try verified([own(), signed { $0.typ = .report }]) }
        let report = try sender.signature(sender.header(.report), over: payload, by: sender.device)
        expectProblem(.malformed) { try verified([report, signed()]) }
    }
}

@Suite("A retirement")
struct RetirementTests {
    let sender: Sender
    let payload: [UInt8]

    init() throws {
        sender = try Sender()
        payload = try Wire.encode(Retirement(device: sender.id, audience: Sender.audience))
    }

    private func verified(
        _ signatures: [JWS.Signature],
        _ payload: [UInt8]? = nil,
        of device: KnownDevice? = nil
    ) throws -> DeviceID {
        let message = try UnverifiedMessage(parsing: Sender.message(payload ?? self.payload, signatures))
        let nonce = try sender.authority.verify(message.nonce, at: Day.now)
        return try sender.verifier.retirement(message, of: device ?? sender.known, nonce: nonce).device
    }

    @Test("is signed by the device's key, and by nothing else")
    func good() throws {
        let own = try sender.own(payload, .retirement)
        #expect(try verified([own]) == sender.id)
        expectProblem(.malformed) { try verified([own, sender.proof(payload, .retirement)]) }
        var header = try sender.header(.retirement)
        (header.kid, header.jwk, header.role) = (nil, sender.device.publicKey.jwk, ProtectedHeader.newKeyRole)
        let second = try sender.signature(header, over: payload, by: sender.device)
        expectProblem(.malformed, ProtectedHeader.newKeyRole) { try verified([own, second]) }
    }

    @Test("is refused by another key, a replaced one, for another device or scorer, or as another message")
    func bad() throws {
        let other = try PrivateKey.generate(.p256)
        let forged = try sender.signature(sender.header(.retirement), over: payload, by: other)
        expectProblem(.badSignature) { try verified([forged]) }
        let own = try sender.own(payload, .retirement)
        let replaced = KnownDevice(try sender.id, keys: [other.publicKey.jwk, sender.device.publicKey.jwk])
        expectProblem(.replacedKey) { try verified([own], of: replaced) }
        let foreign = try Wire.encode(Retirement(device: Sender.id(of: other), audience: Sender.audience))
        expectProblem(.badSignature, "another device") { try verified([sender.own(foreign, .retirement)], foreign) }
        let elsewhere = try Wire.encode(Retirement(device: sender.id, audience: "https://other.acme.test"))
        expectProblem(.wrongAudience) { try verified([sender.own(elsewhere, .retirement)], elsewhere) }
        for type in [MessageType.report, .ownRecord, .keyReplacement, .registration] {
            expectProblem(.malformed) { try verified([sender.own(payload, type)]) }
        }
        for text in ["", "{}", "[]"] {
            let empty = Array(text.utf8)
            expectProblem(.malformed, "the retirement") { try verified([sender.own(empty, .retirement)], empty) }
        }
    }
}

@Suite("A device that has replaced its key")
struct ReplacedKeyTests {
    let sender: Sender
    let payload: [UInt8]

    init() throws {
        sender = try Sender()
        payload = try Wire.encode(sender.report())
    }

    private func authentic(_ keys: [JWK], by key: PrivateKey? = nil) throws -> AuthenticMessage<Report> {
        let own = try sender.signature(sender.header(), over: payload, by: key ?? sender.device)
        let message = try UnverifiedMessage(parsing: Sender.message(payload, [own]))
        let nonce = try sender.authority.verify(message.nonce, at: Day.now)
        return try sender.verifier.authenticReport(message, of: KnownDevice(sender.id, keys: keys), nonce: nonce)
    }

    @Test("reports with its new key under the id that it has")
    func newKey() throws {
        let new = try PrivateKey.generate(.p256)
        let report = try authentic([new, sender.device].map(\.publicKey.jwk), by: new)
        #expect(try report.device == sender.id && report.key.jwk == new.publicKey.jwk && !report.isByReplacedKey)
    }

    @Test("is told apart where it reports by one of eight replaced keys; by an older one the report is refused")
    func replaced() throws {
        let others = try (0..<8).map { _ in try PrivateKey.generate(.p256).publicKey.jwk }
        let old = sender.device.publicKey.jwk
        for index in 1...8 {
            let report = try authentic(Array(others.prefix(index)) + [old])
            #expect(try report.isByReplacedKey && report.device == sender.id && report.key.jwk == old)
        }
        let newest = try PrivateKey.generate(.p256).publicKey.jwk
        expectProblem(.badSignature) { try authentic([newest] + others + [old]) }
    }

    @Test("costs one verification with the key in force, and nine at most with any other")
    func count() throws {
        let others = try (0..<20).map { _ in try PrivateKey.generate(.p256).publicKey.jwk }
        let meter = SignatureMeter()
        _ = try meter.run { try authentic([sender.device.publicKey.jwk] + others) }
        #expect(meter.value == 1)
        meter.run { expectProblem(.badSignature) { try authentic(others) } }
        #expect(meter.value == 1 + 9)
        // A message that names another device, or is of another kind, costs nothing.
        let foreign = try sender.signature(sender.header(.ownRecord), over: payload, by: sender.device)
        let message = try UnverifiedMessage(parsing: Sender.message(payload, [foreign]))
        let nonce = try sender.authority.verify(message.nonce, at: Day.now)
        let known = KnownDevice(try sender.id, keys: others)
        meter.run {
            expectProblem(.malformed) { try sender.verifier.authenticReport(message, of: known, nonce: nonce) }
        }
        #expect(meter.value == 1 + 9)
    }
}
