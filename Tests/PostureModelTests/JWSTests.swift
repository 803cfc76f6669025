import PostureModel
import Testing

@Suite("A JWS")
struct JWSTests {
    static let header = ProtectedHeader(
        alg: .es256,
        typ: .report,
        url: "https://scorer.acme.test/v1/reports",
        nonce: "n",
        role: "device",
        kid: "k"
    )
    static let headerText =
        #"{"alg":"ES256","kid":"k","nonce":"n","role":"device","typ":"postured-report+jws","#
        + #""url":"https://scorer.acme.test/v1/reports"}"#

    static func message(
        payload: String = "AQID",
        protected: String = Base64URL.encode(Array(headerText.utf8)),
        unprotected: String = #"{"x5c":["AQID"]}"#,
        signature: String = "BAUG"
    ) -> String {
        #"{"payload":"\#(payload)","signatures":[{"header":\#(unprotected),"protected":"\#(protected)","#
            + #""signature":"\#(signature)"}]}"#
    }

    private func refused(_ text: String, _ words: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let error = #expect(throws: WireError.self, sourceLocation: sourceLocation) {
            try JWS(parsing: Array(text.utf8))
        }
        #expect(
            error?.description.contains(words) == true,
            "\(String(describing: error))",
            sourceLocation: sourceLocation
        )
    }

    @Test("is the general JSON serialisation of RFC 7515, section 7.2.1, byte for byte")
    func golden() throws {
        let jws = try JWS(parsing: Array(Self.message().utf8))
        #expect(jws.payload == [1, 2, 3])
        let signature = try #require(jws.signatures.first)
        #expect(signature.header == Self.header)
        #expect(signature.certificates == [[1, 2, 3]])
        #expect(signature.bytes == [4, 5, 6])
        #expect(String(decoding: try jws.encoded(), as: UTF8.self) == Self.message())
        #expect(String(decoding: try Wire.encode(Self.header), as: UTF8.self) == Self.headerText)
    }

    @Test("is signed over the header and the payload as they stand, with a full stop between")
    func signingInput() {
        #expect(JWS.signingInput(encodedHeader: "ab", encodedPayload: "cd") == Array("ab.cd".utf8))
        #expect(JWS.signingInput(encodedHeader: "ab", encodedPayload: "") == Array("ab.".utf8))
    }

    @Test("may lack the unprotected header")
    func noCertificates() throws {
        for header in ["{}", "null", #"{"x5c":[]}"#, #"{"x5c":null,"new":1}"#] {
            let jws = try JWS(parsing: Array(Self.message(unprotected: header).utf8))
            #expect(jws.signatures.first?.certificates.isEmpty == true)
            #expect(try !String(decoding: jws.encoded(), as: UTF8.self).contains("\"header\""))
        }
    }

    @Test("is refused with anything that is not in base64")
    func base64() {
        refused(Self.message(payload: "AQI="), "a payload not in base64url")
        refused(Self.message(signature: "BAU="), "a signature or a protected header that is not in base64url")
        refused(Self.message(protected: "e30="), "a signature or a protected header that is not in base64url")
        refused(Self.message(unprotected: #"{"x5c":["AQ-_"]}"#), "an x5c that is not in base64")
    }

    @Test("is refused with a protected header that lacks something, or says what nobody knows")
    func headers() {
        let changes = [
            (#""alg":"ES256","#, "", "a protected header that lacks 'alg'"), (#""nonce":"n","#, "", "lacks 'nonce'"),
            (#""role":"device","#, "", "lacks 'role'"), ("ES256", "none", "'alg'"), ("ES256", "HS256", "'alg'"),
            ("postured-report", "postured-other", "'typ'"), (#""kid":"k""#, #""kid":1"#, "'kid'"),
            (#""kid":"k""#, #""jwk":{"kty":"oct","k":"AQID"}"#, "neither EC nor RSA"),
            (#""kid":"k""#, #""jwk":{"kty":"EC","crv":"P-256","x":"AQ","y":"AQ"}"#, "of another length"),
            (#""kid":"k""#, #""jwk":{"kty":"EC","crv":"P-521","x":"AQ","y":"AQ"}"#, "'jwk.crv'"),
            (#""kid":"k""#, #""jwk":{"kty":"RSA","n":"AQ==","e":"AQAB"}"#, "not base64url"),
        ]
        for (part, replacement, words) in changes {
            let text = Self.headerText.replacing(part, with: replacement)
            #expect(text != Self.headerText)
            refused(Self.message(protected: Base64URL.encode(Array(text.utf8))), words)
        }
        for text in ["", "null", "[]", "{", "\u{0}"] {
            refused(Self.message(protected: Base64URL.encode(Array(text.utf8))), "a protected header that")
        }
    }

    @Test("is refused with a protected header that has a name twice, escaped or within its key")
    func names() {
        let changes = [
            (#""kid":"k""#, #""kid":"k","kid":"k""#), (#""kid":"k""#, #""kid":"k","\u006bid":"l""#),
            (#""kid":"k""#, #""x":1,"kid":"k","x":2"#), (#""kid":"k""#, #""jwk":{"kty":"EC","kty":"EC"}"#),
        ]
        for (part, replacement) in changes {
            let text = Self.headerText.replacing(part, with: replacement)
            #expect(text != Self.headerText)
            refused(Self.message(protected: Base64URL.encode(Array(text.utf8))), "a protected header with a name twice")
        }
    }

    @Test("is refused without a signature, or in another serialisation")
    func others() {
        refused(#"{"payload":"","signatures":[]}"#, "0 signatures")
        refused(#"{"payload":""}"#, "lacks 'signatures'")
        refused(#"{"signatures":[]}"#, "lacks 'payload'")
        refused(#"{"payload":"","protected":"e30","signature":""}"#, "lacks 'signatures'")
        refused("e30.e30.AAAA", "is not JSON")
    }

    @Test("is refused above 64 KiB, and not below")
    func size() throws {
        let padding = String(repeating: " ", count: 65_536 - Self.message().utf8.count)
        #expect(try JWS(parsing: Array((Self.message() + padding).utf8)).payload == [1, 2, 3])
        refused(Self.message() + padding + " ", "is longer than 65536 bytes")
        refused(String(repeating: "[", count: 65_537), "is longer than 65536 bytes")
    }
}
