internal import OpenSSLBridge
package import PostureModel

/// A caller through Cloudflare Access.
package enum AccessIdentity: Sendable, Hashable, CustomStringConvertible {
    /// A person, by the e-mail address that Access knows.
    case person(String)
    /// A service, by its service token's client id, which is the token's common name.
    case service(String)

    /// The name alone, for logs.
    package var description: String {
        switch self {
        case .person(let name), .service(let name): name.printable(limit: 320)
        }
    }
}

/// Finds out who calls, by the Access token that a request brings for one role.
///
/// A token that was verified is remembered by its hash, among 1,024 at most, and only as long as its key is in the key
/// set and it has not expired. The memory is this verifier's own: other requirements are another verifier.
package struct AccessVerifier: Sendable {
    private let requirements: AccessRequirements
    private let keys: AccessKeys
    private let now: @Sendable () -> Timestamp
    let memory = VerifiedTokens()

    package init(requirements: AccessRequirements, keys: AccessKeys, now: @escaping @Sendable () -> Timestamp) {
        self.requirements = requirements
        self.keys = keys
        self.now = now
    }

    /// The result of verifying a token.
    package func grant(of text: String) async throws(AccessToken.Refusal) -> AccessGrant {
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
package actor VerifiedTokens {
    package struct Token {
        package let grant: AccessGrant
        package let keyID: String
        /// The key that verified it: another one may come under the same id.
        package let key: JWK
    }

    /// The most that are kept: Cloudflare uses one an hour or so, and so does each agent behind Access.
    package static let limit = 1024

    private var tokens: [[UInt8]: Token] = [:]

    package var count: Int { tokens.count }

    package func token(_ hash: [UInt8]) -> Token? { tokens[hash] }

    package func add(_ hash: [UInt8], _ token: Token, at now: Timestamp) {
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
