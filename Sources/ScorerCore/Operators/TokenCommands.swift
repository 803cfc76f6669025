internal import Logging
package import PostureModel
package import ScorerModel
internal import ScorerStore

/// Enrolment tokens.
extension OperatorCommands {
    /// Makes a token for so many devices, which expires after a time of a year at most.
    ///
    /// - Returns: the token, which nothing shows again, and what is kept of it.
    /// - Throws: ``OperatorError`` for numbers that are out of bounds.
    package func createToken(uses: Int, expiresIn: TimeSpan) async throws -> (token: String, stored: StoredToken) {
        guard (1...1_000_000).contains(uses) else { throw OperatorError(.malformed, "uses: 1 to 1000000 devices") }
        guard (1...31_536_000).contains(expiresIn.seconds) else {
            throw OperatorError(.malformed, "expires_in: 1s to 365d")
        }
        let made = EnrolmentSecret.make(uses: uses, expiresAt: now.adding(seconds: expiresIn.seconds), now: now)
        let entry = entry(
            .createToken,
            made.stored.hash,
            "\(uses == 1 ? "1 device" : "\(uses) devices") until \(made.stored.expiresAt)"
        )
        try await store.add(made.stored, audit: entry)
        log(.createToken, entry)
        return made
    }

    /// Revokes the token whose hash begins so, with 8 characters at least: no device registers with it any more.
    ///
    /// - Throws: ``OperatorError`` if there is none, or more than one.
    package func revokeToken(_ hashPrefix: String) async throws -> StoredToken {
        let shown = hashPrefix.printable(limit: 64)
        guard hashPrefix.utf8.count >= 8 else {
            throw OperatorError(.malformed, "give at least 8 characters of the token's hash", .listTokens)
        }
        let draft = entry(.revokeToken, hashPrefix)
        switch try await store.revokeToken(hashPrefix, audit: draft) {
        case .unknown:
            throw OperatorError(.notFound, "no token's hash begins with '\(shown)'", .listTokens)
        case .ambiguous:
            throw OperatorError(.conflict, "several tokens' hashes begin with '\(shown)': give more characters")
        case .revoked(let token):
            log(.revokeToken, entry(.revokeToken, token.hash))
            return token
        }
    }
}

extension OperatorAction {
    static let createToken = OperatorAction(StoredToken.creation, "enrolment token created")
    static let revokeToken = OperatorAction("token.revoke", "enrolment token revoked")
}
