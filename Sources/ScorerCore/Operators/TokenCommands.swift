internal import Logging
package import PostureModel
package import ScorerModel
internal import ScorerStore

/// Enrolment tokens.
extension OperatorCommands {
    /// Makes a token for so many devices, which expires after a time of a year at most.
    ///
    /// - Parameters:
    ///   - uses: How many devices may register with it.
    ///   - expiresIn: In what time it expires.
    ///   - replaced: The device that the one which registers with it replaces; nil for none.
    /// - Returns: the token, which nothing shows again, and what is kept of it.
    /// - Throws: ``OperatorError`` for numbers that are out of bounds, for a device that cannot be replaced, and as
    ///   ``findDevice(_:)``.
    package func createToken(
        uses: Int,
        expiresIn: TimeSpan,
        replacing replaced: String? = nil
    ) async throws -> (token: String, stored: EnrolmentToken) {
        guard (1...1_000_000).contains(uses) else { throw OperatorError(.malformed, "uses: 1 to 1000000 devices") }
        guard (1...31_536_000).contains(expiresIn.seconds) else {
            throw OperatorError(.malformed, "expires_in: 1s to 365d")
        }
        guard replaced == nil || uses == 1 else {
            throw OperatorError(.malformed, "uses: a token that names the device it replaces is for 1 device")
        }
        var device: DeviceID?
        if let replaced {
            let found = try await findDevice(replaced)
            device = try Self.replaceable(found, in: try await store.load(.init(devices: [found.device]))).device
        }
        let end = now.adding(seconds: expiresIn.seconds)
        let made = EnrolmentSecret.make(uses: uses, expiresAt: end, by: actor, now: now)
        let stored = EnrolmentToken(
            hash: made.stored.hash,
            createdAt: now,
            expiresAt: end,
            usesLeft: uses,
            createdBy: actor,
            replaces: device
        )
        let replacing = device.map { ", in the place of \($0)" } ?? ""
        let detail = "\(uses == 1 ? "1 device" : "\(uses) devices") until \(end)\(replacing)"
        try await commit([.addToken(stored)], .createToken, stored.hash, detail)
        return (made.token, stored)
    }

    /// Revokes the token whose hash begins so, with 8 characters at least: no device registers with it any more.
    ///
    /// - Throws: ``OperatorError`` if there is none, or more than one.
    package func revokeToken(_ hashPrefix: String) async throws -> EnrolmentToken {
        let shown = hashPrefix.printable(limit: 64)
        guard hashPrefix.utf8.count >= 8 else {
            throw OperatorError(.malformed, "give at least 8 characters of the token's hash", .listTokens)
        }
        let found = try await store.tokens(hashPrefix: hashPrefix, limit: 2)
        guard let token = found.first else {
            throw OperatorError(.notFound, "no token's hash begins with '\(shown)'", .listTokens)
        }
        guard found.count == 1 else {
            throw OperatorError(.conflict, "several tokens' hashes begin with '\(shown)': give more characters")
        }
        try await commit([.removeToken(hash: token.hash)], .revokeToken, token.hash)
        return token
    }
}

extension OperatorAction {
    static let createToken = OperatorAction("token.create", "enrolment token created")
    static let revokeToken = OperatorAction("token.revoke", "enrolment token revoked")
}
