import OpenSSLBridge
import PostureModel
import TestSupport
import Testing
import Verification

@Suite("A signed report")
struct ReportTests {
    let sender: Sender
    let payload: [UInt8]

    init() throws {
        sender = try Sender()
        payload = try Wire.encode(sender.report())
    }

    @Test("is verified and its certificate proven")
    func good() throws {
        let message = try Sender.message(payload, [sender.own(payload), sender.proof(payload)])
        #expect(try UnverifiedMessage(parsing: message).claimedDevice == sender.id)
        let report = try sender.verified(message)
        #expect(try report.report == sender.report())
        #expect(report.nonceIssuedAt == Day.now)
        let (leaf, root) = (try sender.leaf.parsed(), try sender.root.parsed())
        let verdict = CheckVerdict(
            id: Sender.check,
            level: .proven,
            key: leaf.keyFingerprint,
            proves: true,
            reason:
                "CN=laptop-1.acme.test, issued under CN=Corp Root, valid until 2031-01-01T00:00:00Z; its key signed "
                + "this report",
            anchor: root.fingerprint,
            chain: [ChainLink(issuerKey: root.keyFingerprint, serialNumber: leaf.serialNumber)],
            holdsUntil: Day.end,
            commonName: "laptop-1.acme.test"
        )
        #expect(report.checks == [verdict])
    }

    @Test("is verified wherever the device's signature stands")
    func order() throws {
        let message = try Sender.message(payload, [sender.proof(payload), sender.own(payload)])
        #expect(try sender.verified(message).checks.map(\.level) == [.proven])
    }

    @Test("is refused when another key signed it")
    func otherKey() throws {
        let other = try PrivateKey.generate(.p256)
        let forged = try sender.signature(sender.header(), over: payload, by: other)
        expectProblem(.badSignature) { try sender.verified(Sender.message(payload, [forged])) }
        let message = try Sender.message(payload, [sender.own(payload)])
        expectProblem(.badSignature) {
            try sender.verified(message, of: KnownDevice(sender.id, keys: [other.publicKey.jwk]))
        }
    }

    @Test("is refused with the id of another device, or none")
    func otherDevice() throws {
        let other = try PrivateKey.generate(.p256)
        for kid in [try Sender.id(of: other).rawValue, nil, "", "garbage"] {
            var header = try sender.header()
            header.kid = kid
            for key in [sender.device, other] {
                let message = try Sender.message(payload, [sender.signature(header, over: payload, by: key)])
                expectProblem(.badSignature) { try sender.verified(message) }
            }
        }
        var report = try sender.report()
        report.device = try Sender.id(of: other)
        let foreign = try Wire.encode(report)
        let message = try Sender.message(foreign, [sender.own(foreign)])
        expectProblem(.badSignature, "names another device") { try sender.verified(message) }
    }

    @Test("is refused for another audience, in its payload or in its header")
    func otherAudience() throws {
        var report = try sender.report()
        report.audience = "https://other.acme.test"
        let foreign = try Wire.encode(report)
        expectProblem(.wrongAudience, "https://other.acme.test", Sender.audience) {
            try sender.verified(Sender.message(foreign, [sender.own(foreign)]))
        }
        let urls = [
            "https://other.acme.test/v1/reports", Sender.audience, Sender.audience + "/v1/reports/",
            Sender.audience + "/v1/devices", "", String(repeating: "x", count: 5000),
        ]
        for url in urls {
            var header = try sender.header()
            header.url = url
            let message = try Sender.message(payload, [sender.signature(header, over: payload, by: sender.device)])
            expectProblem(.wrongAudience, Sender.audience + "/v1/reports") { try sender.verified(message) }
        }
    }

    @Test("is refused as a message of another kind", arguments: [MessageType.registration, .ownRecord])
    func otherType(type: MessageType) throws {
        var header = try sender.header()
        header.typ = type
        let message = try Sender.message(payload, [sender.signature(header, over: payload, by: sender.device)])
        expectProblem(.malformed, type.rawValue, "/v1/reports") { try sender.verified(message) }
    }

    @Test("is refused with another nonce than the one that was checked")
    func otherNonce() throws {
        let other = try #require(sender.authority.issue(at: Day.now))
        let message = try UnverifiedMessage(parsing: Sender.message(payload, [sender.own(payload)]))
        let nonce = try sender.authority.verify(other, at: Day.now)
        expectProblem(.badNonce) {
            try sender.verifier.authenticReport(message, of: sender.known, nonce: nonce)
        }
    }

    @Test("is refused in a form that this scorer does not read", arguments: [0, 1, 3, -1, 1000])
    func schema(number: Int) throws {
        var report = try sender.report()
        report.schema = number
        let payload = try Wire.encode(report)
        expectProblem(.unsupportedSchema, "schema \(number)", "reads 2") {
            try sender.verified(Sender.message(payload, [sender.own(payload)]))
        }
    }

    @Test("is refused where its payload is no report", arguments: ["", "null", "[]", "{}", "{\"schema\":2}", "\u{0}"])
    func noReport(text: String) throws {
        let payload = Array(text.utf8)
        let message = try Sender.message(payload, [sender.own(payload)])
        expectProblem(.malformed, "the report") { try sender.verified(message) }
    }

    @Test(
        "is refused under an algorithm that does not go with the key",
        arguments: [SignatureAlgorithm.es384, .ps256, .rs256]
    )
    func algorithm(algorithm: SignatureAlgorithm) throws {
        var header = try sender.header()
        header.alg = algorithm
        let message = try Sender.message(
            payload,
            [sender.signature(header, over: payload, by: sender.device, algorithm: .es256)]
        )
        expectProblem(.badSignature) { try sender.verified(message) }
    }

    @Test(
        "is malformed under an algorithm that is none of ours",
        arguments: ["none", "HS256", "es256", "ES512", "EdDSA", ""]
    )
    func unknownAlgorithm(name: String) throws {
        let text = String(decoding: try Wire.encode(sender.header()), as: UTF8.self)
        let header = text.replacing("\"ES256\"", with: "\"\(name)\"")
        #expect(header != text)
        let own = try sender.own(payload)
        let encoded = Base64URL.encode(Array(header.utf8))
        for bytes in [own.bytes, []] {
            let forged = JWS.Signature(header: own.header, encodedHeader: encoded, certificates: [], bytes: bytes)
            expectProblem(.malformed, "'alg'") { try sender.verified(Sender.message(payload, [forged])) }
        }
    }
}
