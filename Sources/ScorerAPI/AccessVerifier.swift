internal import HTTPTypes
internal import Hummingbird
internal import OpenSSLBridge
internal import PostureModel

/// Who calls through Cloudflare Access.
enum AccessIdentity: Sendable, Hashable, CustomStringConvertible {
    /// A person, by the e-mail address that Access knows.
    case person(String)
    /// A service, by its service token's client id, which is the token's common name.
    case service(String)

    /// The caller of the request that this task answers; nil where no Access token was asked for.
    @TaskLocal static var current: AccessIdentity?

    /// The name alone, for logs.
    var description: String {
        switch self {
        case .person(let name), .service(let name): name.printable(limit: 320)
        }
    }
}

/// Finds out who calls, by the Access token that a request brings for one role.
///
/// A token that was verified is remembered by its hash, among 1,024 at most, and only as long as its key is in the key
/// set and it has not expired. The memory is this verifier's own: other requirements are another verifier.
struct AccessVerifier: Sendable {
    private let requirements: AccessRequirements
    private let keys: AccessKeys
    private let now: @Sendable () -> Timestamp
    let memory = VerifiedTokens()

    init(requirements: AccessRequirements, keys: AccessKeys, now: @escaping @Sendable () -> Timestamp) {
        self.requirements = requirements
        self.keys = keys
        self.now = now
    }

    /// Who has sent `request`.
    ///
    /// - Throws: why its token is refused, for the log: the caller learns nothing but 403.
    func identity(of request: Request) async throws(AccessToken.Refusal) -> AccessIdentity {
        try await grant(of: request.one("Cf-Access-Jwt-Assertion")).identity
    }

    /// What a token comes to.
    func grant(of text: String) async throws(AccessToken.Refusal) -> AccessGrant {
        let (hash, now) = (Digest.sha256(Array(text.utf8)), now())
        if let known = await memory.token(hash), await keys.key(known.keyID, at: now)?.jwk == known.key {
            try known.grant.check(at: now)
            return known.grant
        }
        let token = try AccessToken(parsing: text)
        guard let key = await keys.key(token.keyID, at: now) else {
            throw AccessToken.Refusal("its key is not in the key set")
        }
        let grant = try token.verify(key: key, requirements, at: now)
        await memory.add(hash, .init(grant: grant, keyID: token.keyID, key: key.jwk), at: now)
        return grant
    }
}

/// Tokens that were verified, by their SHA-256: the tokens themselves are kept nowhere.
actor VerifiedTokens {
    struct Token {
        let grant: AccessGrant
        let keyID: String
        /// The key that verified it: another one may come under the same id.
        let key: JWK
    }

    /// The most that are kept: Cloudflare uses one an hour or so, and so does each agent behind Access.
    static let limit = 1024

    private var tokens: [[UInt8]: Token] = [:]

    var count: Int { tokens.count }

    func token(_ hash: [UInt8]) -> Token? { tokens[hash] }

    func add(_ hash: [UInt8], _ token: Token, at now: Timestamp) {
        if tokens.count >= Self.limit {
            tokens = tokens.filter { (try? $0.value.grant.check(at: now)) != nil }
            // All of them good: those that end first go, a quarter at once, so that this is rare.
            if tokens.count >= Self.limit {
                let order = tokens.sorted { $0.value.grant.until > $1.value.grant.until }
                tokens = Dictionary(uniqueKeysWithValues: order.prefix(Self.limit * 3 / 4).map { ($0.key, $0.value) })
            }
        }
        tokens[hash] = token
    }
}

extension Request {
    /// The one header of this name.
    ///
    /// - Throws: where there is none, or more than one: what stands before the scorer may have looked at the other.
    func one(_ name: String) throws(AccessToken.Refusal) -> String {
        let values = HTTPField.Name(name).map { headers[values: $0] } ?? []
        guard let value = values.first else { throw AccessToken.Refusal("there is no header \(name)") }
        guard values.count == 1 else { throw AccessToken.Refusal("there are \(values.count) headers \(name)") }
        return value
    }
}
