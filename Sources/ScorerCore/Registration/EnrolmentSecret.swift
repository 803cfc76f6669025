internal import OpenSSLBridge
package import PostureModel
package import ScorerModel

/// Enrolment tokens: 256 random bits, shown once, kept as a hash.
///
/// A slow hash would add nothing to a secret that nobody can guess.
package enum EnrolmentSecret {
    /// Makes a token.
    ///
    /// - Returns: the token to hand out, and what the store keeps of it.
    package static func make(
        uses: Int,
        expiresAt: Timestamp,
        by actor: String,
        now: Timestamp
    ) -> (token: String, stored: EnrolmentToken) {
        let token = "pet_" + Base64URL.encode(Digest.random(count: 32))
        return (
            token,
            EnrolmentToken(hash: hash(token), createdAt: now, expiresAt: expiresAt, usesLeft: uses, createdBy: actor)
        )
    }

    /// What the store keeps of a token: the base64url of its SHA-256.
    package static func hash(_ token: String) -> String {
        Base64URL.encode(Digest.sha256(Array(token.utf8)))
    }
}
