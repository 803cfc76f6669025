internal import OpenSSLBridge
internal import PostureModel
internal import ScorerModel

/// Enrolment tokens: 256 random bits, shown once, kept as a hash.
///
/// A slow hash would add nothing to a secret that nobody can guess.
enum EnrolmentSecret {
    /// Makes a token.
    ///
    /// - Returns: the token to hand out, and what the store keeps of it.
    static func make(
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

    /// The form of a token in the store: the base64url of its SHA-256.
    static func hash(_ token: String) -> String {
        Base64URL.encode(Digest.sha256(Array(token.utf8)))
    }
}
