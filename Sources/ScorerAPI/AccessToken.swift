internal import OpenSSLBridge
internal import PostureModel

/// Who may call a route through Cloudflare Access: one application's tokens, of one team.
public struct AccessRequirements: Sendable, Equatable {
    /// The team domain with its scheme, such as `https://example.cloudflareaccess.com`: the issuer of every token.
    public var issuer: String
    /// The application's AUD tag.
    public var audience: String
    /// The client id of the one service token that may call; nil for any that the application's policy lets through.
    public var commonName: String?

    /// Creates requirements.
    public init(issuer: String, audience: String, commonName: String? = nil) {
        self.issuer = issuer
        self.audience = audience
        self.commonName = commonName
    }
}

/// An application token of Cloudflare Access: a JWT in the compact serialisation.
///
/// Parsed, not verified.
///
/// - SeeAlso: <https://developers.cloudflare.com/cloudflare-one/identity/authorization-cookie/validating-json/>
struct AccessToken {
    let keyID: String
    private let signingInput: [UInt8]
    private let signature: [UInt8]
    private let claims: Claims

    /// Why a token is refused; for the scorer's log, never for the caller.
    struct Refusal: Error, Equatable, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    private struct Header: Decodable {
        var alg: String
        var kid: String
        var crit: [String]?
    }

    private struct Claims: Decodable {
        var aud: Audience
        var iss: String
        var exp: Double
        var iat: Double
        var nbf: Double?
        var type: String
        var sub: String?
        var commonName: String?

        private enum CodingKeys: String, CodingKey {
            case aud, iss, exp, iat, nbf, type, sub
            case commonName = "common_name"
        }
    }

    /// RFC 7519 §4.1.3: one string or an array of them.
    private struct Audience: Decodable {
        var values: [String]

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            do { values = [try value.decode(String.self)] } catch { values = try value.decode([String].self) }
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
        guard parsed.alg == "RS256" else { throw Refusal("the algorithm is not RS256") }
        guard parsed.crit == nil else { throw Refusal("it has critical headers, and none is understood here") }
        keyID = parsed.kid
        signingInput = Array("\(parts[0]).\(parts[1])".utf8)
        self.signature = signature
    }

    /// Checks the signature by `key` and every claim as of `now`, with a minute for clocks that differ.
    func verify(key: PublicKey, _ requirements: AccessRequirements, at now: Timestamp) throws(Refusal) {
        guard key.verifies(signature, over: signingInput, algorithm: .rs256) else {
            throw Refusal("the signature does not verify")
        }
        let (seconds, leeway) = (Double(now.seconds), 60.0)
        guard claims.type == "app" else { throw Refusal("the type is not 'app'") }
        guard claims.iss == requirements.issuer else { throw Refusal("the issuer is another") }
        guard claims.aud.values.contains(requirements.audience) else { throw Refusal("the audience is another") }
        guard claims.exp > seconds - leeway else { throw Refusal("it has expired") }
        guard claims.iat < seconds + leeway, claims.nbf ?? 0 < seconds + leeway else {
            throw Refusal("it is from the future")
        }
        // A person's token has a subject; a service token's is empty.
        guard claims.sub ?? "" == "" else { throw Refusal("it is a person's, not a service token's") }
        if let commonName = requirements.commonName, claims.commonName != commonName {
            throw Refusal("it is not the service token that may call here")
        }
    }
}
