internal import OpenSSLBridge

/// The service token that Cloudflare sends with each question where the scorer is not behind Access: a client id, and of
/// the secret its SHA-256.
///
/// A secret is random, 40 characters or more, so that its hash gives nothing away, and reading the
/// configuration is not enough to get in.
package struct ServiceToken: Sendable, Equatable {
    /// The client id, such as `e367826f93b8d71185e03fe518aff3b4.access`.
    package var clientID: String
    /// The SHA-256 of the secret: 32 bytes.
    package var secretHash: [UInt8]

    /// Creates the description of a token.
    package init(clientID: String, secretHash: [UInt8]) {
        self.clientID = clientID
        self.secretHash = secretHash
    }

    /// Returns the caller that presents this id and secret, compared in constant time.
    package func identity(clientID id: String, secret: String) throws(AccessToken.Refusal) -> AccessIdentity {
        let isID = Digest.areEqual(Digest.sha256(Array(id.utf8)), Digest.sha256(Array(clientID.utf8)))
        let isSecret = Digest.areEqual(Digest.sha256(Array(secret.utf8)), secretHash)
        guard isID, isSecret else { throw AccessToken.Refusal("the service token is another") }
        return .service(clientID)
    }
}
