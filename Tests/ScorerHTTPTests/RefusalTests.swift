import CurlBridge
import OpenSSLBridge
import PostureModel
import ScorerTestSupport
import Testing

@Suite("A message that does not hold")
struct RefusalTests {
    /// Expects that `send` is refused so, and that nothing is stored of it.
    func expectRefusal(
        _ kind: Problem.Kind,
        _ scorer: ScorerHarness,
        _ note: Comment? = nil,
        sourceLocation: SourceLocation = #_sourceLocation,
        send: () async throws -> HTTPResponse
    ) async throws {
        let before = try scorer.rows()
        let response = try await send()
        #expect(response.isProblem(kind), note ?? "\(response.status) \(response.text)", sourceLocation: sourceLocation)
        #expect(response.headers["replay-nonce"] != nil, note, sourceLocation: sourceLocation)
        #expect(try scorer.rows() == before, note, sourceLocation: sourceLocation)
    }

    @Test("because it was sent before is refused, and the first stands")
    func replay() async throws {
        try await ScorerHarness.run { scorer in
            let device = try await scorer.newDevice()
            let payload = try Wire.encode(device.report())
            let message = try device.message(.report, payload: payload, nonce: try await scorer.nonce())
            #expect(try await scorer.post(.report, message).status == 200)
            try await expectRefusal(.badNonce, scorer) { try await scorer.post(.report, message) }
            scorer.clock.advance(seconds: 200)
            try await expectRefusal(.badNonce, scorer) { try await scorer.post(.report, message) }
        }
    }

    @Test("because a newer one was accepted is refused")
    func older() async throws {
        try await ScorerHarness.run { scorer in
            let device = try await scorer.newDevice()
            let (first, second) = (try await scorer.nonce(), try await scorer.nonce())
            #expect(try await scorer.report(device, device.report(serial: "PF0FAKE2"), nonce: second).status == 200)
            try await expectRefusal(.badNonce, scorer) { try await scorer.report(device, nonce: first) }
        }
    }

    @Test("because its nonce is not one of now is refused")
    func badNonces() async throws {
        try await ScorerHarness.run { scorer in
            let device = try await scorer.newDevice()
            for (age, isGood) in [(299, true), (300, true), (301, false), (604_800, false)] as [(Int64, Bool)] {
                let nonce = try await scorer.nonce()
                scorer.clock.advance(seconds: age)
                if isGood {
                    #expect(try await scorer.report(device, nonce: nonce).status == 200, "\(age) s")
                } else {
                    try await expectRefusal(.badNonce, scorer) { try await scorer.report(device, nonce: nonce) }
                }
            }
            let good = try await scorer.nonce()
            let flipped = (good.hasPrefix("A") ? "B" : "A") + good.dropFirst()
            for nonce in ["", "AAAA", flipped, String(good.dropLast()), good + "A", String(repeating: "A", count: 50)] {
                try await expectRefusal(.badNonce, scorer) { try await scorer.report(device, nonce: nonce) }
            }
        }
    }

    @Test("because a byte of it was changed is refused, wherever the byte is")
    func changed() async throws {
        try await ScorerHarness.run { scorer in
            let device = try await scorer.newDevice()
            let payload = try Wire.encode(device.report())
            let message = try device.message(.report, payload: payload, nonce: try await scorer.nonce())
            let before = try scorer.rows()
            for place in stride(from: 0, to: message.count, by: 41) {
                var changed = message
                changed[place] = changed[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
                let response = try await scorer.post(.report, changed)
                #expect((400...403).contains(response.status), "byte \(place): \(response.text)")
            }
            #expect(try scorer.rows() == before)
            #expect(try await scorer.post(.report, message).status == 200, "as it was, it is good")
        }
    }

    @Test("because of who signed it, or for whom, is refused")
    func signature() async throws {
        try await ScorerHarness.run { scorer in
            let (device, other) = (try await scorer.newDevice(), try await scorer.newDevice())
            let elsewhere = "https://other.acme.test"
            func message(
                audience: String = TestDevice.audience,
                payload: [UInt8]? = nil,
                signer: PrivateKey? = nil,
                edit: (inout ProtectedHeader) -> Void = { _ in }
            ) async throws -> HTTPResponse {
                let nonce = try await scorer.nonce()
                let content = if let payload { payload } else { try Wire.encode(device.report()) }
                return try await scorer.post(
                    .report,
                    device.message(
                        .report,
                        payload: content,
                        nonce: nonce,
                        audience: audience,
                        signer: signer,
                        edit: edit
                    )
                )
            }
            try await expectRefusal(.badSignature, scorer) { try await message(signer: other.key) }
            try await expectRefusal(.badSignature, scorer) { try await message { $0.kid = other.id.rawValue } }
            try await expectRefusal(.badSignature, scorer) {
                try await message(payload: try Wire.encode(other.report()))
            }
            try await expectRefusal(.wrongAudience, scorer) { try await message(audience: elsewhere) }
            try await expectRefusal(.wrongAudience, scorer) {
                try await message(payload: try Wire.encode(device.report(audience: elsewhere)))
            }
            try await expectRefusal(.wrongAudience, scorer) {
                try await message { $0.url = TestDevice.audience + MessageType.ownRecord.path }
            }
            try await expectRefusal(.malformed, scorer) { try await message { $0.typ = .ownRecord } }
            try await expectRefusal(.malformed, scorer) { try await message { $0.kid = nil } }
            try await expectRefusal(.malformed, scorer) { try await message { $0.role = "corp" } }
            var schema = device.report()
            schema.schema = 3
            let later = try Wire.encode(schema)
            try await expectRefusal(.unsupportedSchema, scorer) { try await message(payload: later) }
            try await expectRefusal(.malformed, scorer) { try await message(payload: Array("{}".utf8)) }
            let registration = try device.registration()
            try await expectRefusal(.malformed, scorer) { try await message(payload: registration) }
        }
    }

    @Test("because the device is not known is refused")
    func unknownDevice() async throws {
        try await ScorerHarness.run { scorer in
            let device = try TestDevice()
            try await expectRefusal(.unknownDevice, scorer) { try await scorer.report(device) }
            try await expectRefusal(.unknownDevice, scorer) { try await scorer.ownRecord(device) }
        }
    }

    @Test("because it is no message at all is refused", arguments: ["", "{}", "[]", "null", "\0", #"{"payload":1}"#])
    func garbage(text: String) async throws {
        try await ScorerHarness.run { scorer in
            for type in [MessageType.report, .registration, .ownRecord] {
                try await expectRefusal(.malformed, scorer) { try await scorer.post(type, Array(text.utf8)) }
            }
        }
    }
}
