internal import OpenSSLBridge
internal import PostureModel

/// A token that must not let anybody in, at ``TestClock/start``.
package struct BadToken: Sendable {
    package var name: String
    package var text: String

    /// Whether an HTTP header can carry it as it is.
    package var fitsHeader: Bool { text.utf8.count < 10_000 && text.utf8.allSatisfy { (0x21...0x7e).contains($0) } }

    package static func all() throws -> [BadToken] {
        try headers() + claims() + times() + forms() + signatures()
    }

    private static func headers() throws -> [BadToken] {
        let header: [(String, [String: String?])] = [
            ("alg none", ["alg": #""none""#]), ("alg None", ["alg": #""None""#]), ("alg empty", ["alg": #""""#]),
            ("alg rs256", ["alg": #""rs256""#]), ("alg RS384", ["alg": #""RS384""#]),
            ("alg RS512", ["alg": #""RS512""#]), ("alg missing", ["alg": nil]), ("alg null", ["alg": "null"]),
            ("alg a number", ["alg": "256"]), ("alg an array", ["alg": #"["RS256"]"#]),
            ("kid unknown", ["kid": #""key-2""#]), ("kid missing", ["kid": nil]), ("kid null", ["kid": "null"]),
            ("kid a number", ["kid": "1"]), ("kid empty", ["kid": #""""#]),
            ("kid with NUL", ["kid": #""key-1\u0000""#]), ("kid with line breaks", ["kid": #""key-1\r\nX: y""#]),
            ("kid with a blank", ["kid": #"" key-1""#]), ("kid in capitals", ["kid": #""KEY-1""#]),
            ("kid huge", ["kid": #""\#(String(repeating: "k", count: 6000))""#]),
            ("kid an SQL", ["kid": #""' OR 1=1 --""#]), ("alg with NUL", ["alg": #""RS256\u0000""#]),
            ("alg with a blank", ["alg": #""RS256 ""#]), ("alg HS512", ["alg": #""HS512""#]),
            ("alg RSA-OAEP, as encrypted ones have", ["alg": #""RSA-OAEP""#, "enc": #""A256GCM""#]),
            ("alg EdDSA", ["alg": #""EdDSA""#]), ("crit null in an array", ["crit": "[null]"]),
            ("crit b64", ["crit": #"["b64"]"#, "b64": "false"]), ("kid a path", ["kid": #""../../etc/passwd""#]),
            ("kid an array", ["kid": #"["key-1"]"#]),
            ("crit", ["crit": #"["exp"]"#]), ("crit empty", ["crit": "[]"]), ("crit a string", ["crit": #""exp""#]),
        ]
        let own = try Wire.encode(TestTeam.strangeKey.publicKey.jwk)
        let jwk: [String: String?] = ["jwk": String(decoding: own, as: UTF8.self)]
        let pem = try TestTeam.publicPEM()
        return try header.map { BadToken(name: $0, text: try TestTeam.token(header: $1)) } + [
            BadToken(name: "alg none, no signature", text: try TestTeam.token(header: ["alg": #""none""#]) { _ in [] }),
            BadToken(
                name: "HS256 with the public key as secret",
                text: try TestTeam.token(header: ["alg": #""HS256""#]) { Digest.hmacSHA256(key: pem, message: $0) }
            ),
            BadToken(
                name: "RS256 in name, HMAC with the public key in fact",
                text: try TestTeam.token { Digest.hmacSHA256(key: pem, message: $0) }
            ),
            BadToken(
                name: "PS256, well signed",
                text: try TestTeam.token(header: ["alg": #""PS256""#]) { try TestTeam.key.sign($0) }
            ),
            BadToken(name: "RS256 in name, PS256 in fact", text: try TestTeam.token { try TestTeam.key.sign($0) }),
            BadToken(
                name: "ES256",
                text: try TestTeam.token(header: ["alg": #""ES256""#]) { try PrivateKey.generate(.p256).sign($0) }
            ),
            BadToken(name: "a key of its own in the header", text: try TestTeam.token(header: jwk, sign: strange)),
            BadToken(
                name: "a URL of keys in the header",
                text: try TestTeam.token(header: ["jku": #""https://evil.test/certs""#], sign: strange)
            ),
            BadToken(
                name: "a URL of certificates in the header",
                text: try TestTeam.token(header: ["x5u": #""https://evil.test/cert""#], sign: strange)
            ),
            BadToken(
                name: "certificates in the header",
                text: try TestTeam.token(header: ["x5c": #"["MIIB"]"#], sign: strange)
            ),
            BadToken(
                name: "an HMAC with the modulus as secret",
                text: try TestTeam.token(header: ["alg": #""HS256""#]) {
                    guard case .rsa(let modulus, _) = TestTeam.key.publicKey.jwk else { return [] }
                    return Digest.hmacSHA256(key: modulus, message: $0)
                }
            ),
            BadToken(
                name: "an HMAC with an empty secret",
                text: try TestTeam.token(header: ["alg": #""HS256""#]) { Digest.hmacSHA256(key: [], message: $0) }
            ),
        ]
    }

    private static func claims() throws -> [BadToken] {
        let (audience, issuer) = (TestTeam.audience, TestTeam.issuer)
        let claims: [(String, [String: String?])] = [
            ("aud another", ["aud": #"["another"]"#]), ("aud another, a string", ["aud": #""another""#]),
            ("aud empty", ["aud": "[]"]), ("aud an empty string", ["aud": #""""#]), ("aud missing", ["aud": nil]),
            ("aud null", ["aud": "null"]), ("aud a number", ["aud": "1"]),
            ("aud nested", ["aud": #"[["\#(audience)"]]"#]),
            ("aud an object", ["aud": #"{"aud":"\#(audience)"}"#]), ("aud mixed", ["aud": #"["\#(audience)",1]"#]),
            ("aud with more at its end", ["aud": #""\#(audience)0""#]),
            ("aud without its end", ["aud": #""\#(audience.dropLast())""#]),
            ("aud in capitals", ["aud": #""\#(audience.uppercased())""#]),
            ("aud in one string of several", ["aud": #""another,\#(audience)""#]),
            ("iss with a slash", ["iss": #""\#(issuer)/""#]),
            ("iss http", ["iss": #""http://acme.cloudflareaccess.test""#]),
            ("iss another team", ["iss": #""https://evil.cloudflareaccess.test""#]),
            ("iss with more at its end", ["iss": #""\#(issuer).evil.test""#]), ("iss missing", ["iss": nil]),
            ("iss null", ["iss": "null"]), ("iss an array", ["iss": #"["\#(issuer)"]"#]),
            ("iss in capitals", ["iss": #""\#(issuer.uppercased())""#]),
            ("type org", ["type": #""org""#]), ("type missing", ["type": nil]), ("type null", ["type": "null"]),
            ("type App", ["type": #""App""#]), ("type an array", ["type": #"["app"]"#]),
            ("common_name another", ["common_name": #""another.access""#]),
            ("common_name missing", ["common_name": nil]),
            ("common_name null", ["common_name": "null"]),
            ("common_name in capitals", ["common_name": #""\#(TestTeam.commonName.uppercased())""#]),
            ("sub of a person", ["sub": #""7335d417-61da-459d-899c-0a01c76a2f94""#]), ("sub blank", ["sub": #"" ""#]),
            ("sub a number", ["sub": "0"]), ("sub missing", ["sub": nil]), ("sub null", ["sub": "null"]),
            ("email present", ["email": #""a@acme.test""#]), ("email a number", ["email": "7"]),
            ("common_name empty", ["common_name": #""""#]), ("common_name a number", ["common_name": "7"]),
            ("common_name an array", ["common_name": #"["\#(TestTeam.commonName)"]"#]),
            ("common_name with a blank", ["common_name": #""\#(TestTeam.commonName) ""#]),
            ("common_name with NUL", ["common_name": #""\#(TestTeam.commonName)\u0000""#]),
            ("type app with a blank", ["type": #""app ""#]), ("iss empty", ["iss": #""""#]),
            ("iss with a port", ["iss": #""\#(issuer):443""#]), ("iss with a blank", ["iss": #"" \#(issuer)""#]),
            ("iss without a scheme", ["iss": #""\#(issuer.dropFirst(8))""#]),
            ("aud with a blank", ["aud": #"["\#(audience) "]"#]), ("aud true", ["aud": "true"]),
            ("aud an array of null", ["aud": "[null]"]), ("aud a prefix", ["aud": #"["4714"]"#]),
        ]
        return try claims.map { BadToken(name: $0, text: try TestTeam.token(claims: $1)) }
    }

    private static func times() throws -> [BadToken] {
        let now = TestClock.start.seconds
        let times: [(String, [String: String?])] = [
            ("expired by 60 s", ["exp": "\(now - 60)"]), ("expired by 61 s", ["exp": "\(now - 61)"]),
            ("exp 0", ["exp": "0"]), ("exp negative", ["exp": "-1e300"]), ("exp a string", ["exp": #""\#(now + 60)""#]),
            ("exp missing", ["exp": nil]), ("exp null", ["exp": "null"]), ("exp true", ["exp": "true"]),
            ("exp beyond numbers", ["exp": "1e400"]), ("exp NaN", ["exp": "NaN"]),
            ("exp Infinity", ["exp": "Infinity"]),
            ("exp as NaN text", ["exp": #""NaN""#]), ("exp nan", ["exp": "nan"]),
            ("exp in hexadecimal", ["exp": "0xffffffff"]),
            ("exp an array", ["exp": "[\(now + 60)]"]), ("iat 61 s ahead", ["iat": "\(now + 61)"]),
            ("iat far ahead", ["iat": "1e300"]), ("iat missing", ["iat": nil]), ("iat a string", ["iat": #""1""#]),
            ("nbf 61 s ahead", ["nbf": "\(now + 61)"]), ("nbf far ahead", ["nbf": "1e300"]),
            ("nbf a string", ["nbf": #""1""#]), ("nbf beyond numbers", ["nbf": "1e999"]), ("iat null", ["iat": "null"]),
            ("iat beyond numbers", ["iat": "-1e999"]), ("exp with a plus", ["exp": "+\(now + 60)"]),
            ("exp a huge negative", ["exp": "-\(String(repeating: "9", count: 400))"]),
            ("exp an object", ["exp": #"{"$numberLong":"\#(now + 60)"}"#]),
        ]
        return try times.map { BadToken(name: $0, text: try TestTeam.token(claims: $1)) }
    }

    private static func strange(_ input: [UInt8]) throws -> [UInt8] {
        try TestTeam.strangeKey.sign(input, algorithm: .rs256)
    }
}
