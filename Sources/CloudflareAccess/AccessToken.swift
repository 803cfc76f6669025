internal import OpenSSLBridge
package import PostureModel

/// The requirements for callers through Cloudflare Access: one team, and the applications of one role.
package struct AccessRequirements: Sendable, Equatable {
    /// The team domain with its scheme, such as `https://example.cloudflareaccess.com`: the issuer of every token.
    package var issuer: String
    /// The AUD tags of the role's applications: one, as a rule.
    package var audiences: [String]
    /// The client id of the one service token that may call; nil for any that the application's policy lets through.
    package var commonName: String?
    /// Whether people may call too: those whom the application's policy lets through.
    package var allowsPeople: Bool

    /// Creates requirements.
    package init(issuer: String, audiences: [String], commonName: String? = nil, allowsPeople: Bool = false) {
        self.issuer = issuer
        self.audiences = audiences
        self.commonName = commonName
        self.allowsPeople = allowsPeople
    }
}

/// An application token of Cloudflare Access: a JWT in the compact serialisation.
///
/// Parsed, not verified.
///
/// - SeeAlso: <https://developers.cloudflare.com/cloudflare-one/identity/authorization-cookie/validating-json/>
package struct AccessToken {
    package let keyID: String
    let signingInput: [UInt8]
    let signature: [UInt8]
    package let claims: Claims

    /// Why a token is refused; for the scorer's log, never for the caller.
    package struct Refusal: Error, Equatable, CustomStringConvertible {
        package let description: String
        package init(_ description: String) { self.description = description }
    }

    private struct Header: Decodable {
        var alg: String
        var kid: String
        var crit: [String]?
    }

    package struct Claims: Decodable {
        package var aud: Audience
        package var iss: String
        package var exp: Double
        package var iat: Double
        var nbf: Double?
        package var type: String
        package var sub: String
        var email: String?
        package var commonName: String?

        private enum CodingKeys: String, CodingKey {
            case aud, iss, exp, iat, nbf, type, sub, email
            case commonName = "common_name"
        }
    }

    /// Reads a token of at most 16 KiB.
    ///
    /// RS256 is the only algorithm there is (RFC 8725 §3.1).
    init(parsing text: String) throws(Refusal) {
        guard text.utf8.count <= 16 * 1024 else { throw Refusal("longer than 16 KiB") }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let header = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2])
        else { throw Refusal("not three parts of base64url") }
        let parsed: Header
        do {
            parsed = try Wire.decode(Header.self, from: header)
            claims = try Wire.decode(Claims.self, from: payload)
        } catch { throw Refusal("a part of it \(error)") }
        guard JSONScanner.hasUniqueNames(header), JSONScanner.hasUniqueNames(payload) else {
            throw Refusal("a part of it has a member twice")
        }
        guard parsed.alg == "RS256" else { throw Refusal("the algorithm is not RS256") }
        guard parsed.crit == nil else { throw Refusal("it has critical headers, and none is understood here") }
        keyID = parsed.kid
        signingInput = Array("\(parts[0]).\(parts[1])".utf8)
        self.signature = signature
    }

    /// Checks the signature by `key` and every claim as of `now`, with a minute for clocks that differ.
    @discardableResult
    func verify(
        key: PublicKey,
        _ requirements: AccessRequirements,
        at now: Timestamp
    ) throws(Refusal) -> AccessGrant {
        guard isSigned(by: key) else {
            throw Refusal("the signature does not verify")
        }
        guard claims.type == "app" else { throw Refusal("the type is not 'app'") }
        guard claims.iss == requirements.issuer else { throw Refusal("the issuer is another") }
        guard claims.aud.values.contains(where: requirements.audiences.contains) else {
            throw Refusal("the audience is another")
        }
        let grant = AccessGrant(
            identity: try identity(requirements),
            from: max(claims.iat, claims.nbf ?? claims.iat),
            until: claims.exp
        )
        try grant.check(at: now)
        return grant
    }

    /// A person's token has a subject and an e-mail address; a service token's subject is empty, and it has a name.
    private func identity(_ requirements: AccessRequirements) throws(Refusal) -> AccessIdentity {
        guard claims.sub.isEmpty else {
            guard requirements.allowsPeople else { throw Refusal("it is a person's, not a service token's") }
            guard let email = claims.email, !email.isEmpty, claims.commonName == nil else {
                throw Refusal("it is a person's, without an e-mail address")
            }
            return .person(email)
        }
        guard let name = claims.commonName, !name.isEmpty, claims.email == nil else {
            throw Refusal("it is neither a person's nor a service token's")
        }
        guard requirements.commonName ?? name == name else {
            throw Refusal("it is not the service token that may call here")
        }
        return .service(name)
    }
}

/// The result of a verified token: its caller, and its end.
package struct AccessGrant: Sendable, Equatable {
    package let identity: AccessIdentity
    /// Seconds since 1970 between which the token is good, without the leeway.
    package let from, until: Double

    /// Seconds by which clocks may differ.
    private static let leeway = 60.0

    /// Throws when the token is not good at `now`.
    package func check(at now: Timestamp) throws(AccessToken.Refusal) {
        let seconds = Double(now.seconds)
        guard until > seconds - Self.leeway else { throw AccessToken.Refusal("it has expired") }
        guard from < seconds + Self.leeway else { throw AccessToken.Refusal("it is from the future") }
    }
}
