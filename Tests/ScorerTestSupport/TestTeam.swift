package import CloudflareAccess
package import OpenSSLBridge
package import PostureModel
internal import TestSupport

/// A team of Cloudflare Access: its key, its key set, and the tokens that it issues.
package enum TestTeam {
    package static let issuer = "https://acme.cloudflareaccess.test"
    package static let audience = "4714c1358e65fe4b408ad6d432a5f878f08194bdb4752441fd56faefa9b2b6f2"
    package static let commonName = "e367826f93b8d71185e03fe518aff3b4.access"
    package static let keyID = "key-1"
    package static let requirements = AccessRequirements(issuer: issuer, audiences: [audience], commonName: commonName)

    package static let key = rsa()
    /// A key that is not the team's.
    package static let strangeKey = rsa()

    private static func rsa() -> PrivateKey {
        do { return try PrivateKey.generate(.rsa(bits: 2048)) } catch { preconditionFailure("no RSA key: \(error)") }
    }

    /// An entry of a key set; `members` are JSON, and replace or (nil) remove others.
    package static func entry(_ kid: String, _ key: PrivateKey = key, _ members: [String: String?] = [:]) throws
        -> String
    {
        guard case .rsa(let modulus, let exponent) = key.publicKey.jwk else {
            return String(decoding: try Wire.encode(key.publicKey.jwk), as: UTF8.self)
        }
        let standard: [String: String?] = [
            "kid": quoted(kid), "kty": quoted("RSA"), "alg": quoted("RS256"), "use": quoted("sig"),
            "n": quoted(Base64URL.encode(modulus)), "e": quoted(Base64URL.encode(exponent)),
        ]
        return object(standard.merging(members) { $1 })
    }

    package static func keySet(_ entries: [String]) -> [UInt8] {
        Array(#"{"keys":[\#(entries.joined(separator: ","))],"public_cert":{},"public_certs":[]}"#.utf8)
    }

    /// A token as Access issues it to a service; `header` and `claims` are JSON, and replace or (nil) remove members.
    package static func token(
        header: [String: String?] = [:],
        claims: [String: String?] = [:],
        at now: Timestamp = TestClock.start,
        sign: ([UInt8]) throws -> [UInt8] = { try key.sign($0, algorithm: .rs256) }
    ) throws -> String {
        let head: [String: String?] = ["alg": quoted("RS256"), "kid": quoted(keyID), "typ": quoted("JWT")]
        return try token(
            rawHeader: Array(object(head.merging(header) { $1 }).utf8),
            rawClaims: self.claims(claims, at: now),
            sign: sign
        )
    }

    /// The claims of a token as Access issues it to a service, with other members where they are given.
    package static func claims(_ others: [String: String?] = [:], at now: Timestamp = TestClock.start) -> [UInt8] {
        let claims: [String: String?] = [
            "type": quoted("app"), "aud": "[\(quoted(audience))]", "iss": quoted(issuer),
            "common_name": quoted(commonName), "sub": quoted(""), "iat": "\(now.seconds - 10)",
            "exp": "\(now.seconds + 3600)",
        ]
        return Array(object(claims.merging(others) { $1 }).utf8)
    }

    /// A token of any bytes.
    package static func token(
        rawHeader: [UInt8],
        rawClaims: [UInt8],
        sign: ([UInt8]) throws -> [UInt8] = { try key.sign($0, algorithm: .rs256) }
    ) throws -> String {
        let input = "\(Base64URL.encode(rawHeader)).\(Base64URL.encode(rawClaims))"
        return "\(input).\(Base64URL.encode(try sign(Array(input.utf8))))"
    }

    /// The public key in PEM: what a confused verifier would take for an HMAC secret.
    package static func publicPEM() throws -> [UInt8] {
        let directory = try TemporaryDirectory("team")
        let file = try directory.write(Array(key.pem().utf8), to: "key.pem")
        return try runTool("openssl", ["pkey", "-in", file, "-pubout"]).bytes
    }

    package static func quoted(_ text: String) -> String { "\"\(text)\"" }

    package static func object(_ members: [String: String?]) -> String {
        let pairs = members.compactMap { name, value in value.map { "\(quoted(name)):\($0)" } }
        return "{\(pairs.sorted().joined(separator: ","))}"
    }
}
