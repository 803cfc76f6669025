internal import OpenSSLBridge
package import PostureModel

/// A nonce whose MAC, audience and age were checked.
///
/// Only ``NonceAuthority`` makes one.
package struct VerifiedNonce: Sendable, Equatable {
    /// When it was issued, by the scorer's clock: what orders a device's reports.
    package let issuedAt: Timestamp
    /// The text as it was sent, which every protected header has to repeat.
    let text: String
    /// What tells it from others: half of its MAC, which nobody can choose.
    package let digest: UInt64
}

/// Issues nonces and knows its own again, without remembering any (RFC 8555 §6.5 leaves the form open).
///
/// A nonce is base64url of: key id (1 byte), microseconds since the epoch (8, big-endian), random (12), and the
/// first 16 bytes of HMAC-SHA-256 over those 21 bytes and the audience. Whether one was used already is for others to
/// say: the store accepts a report only with a nonce newer than the device's last.
package struct NonceAuthority: Sendable {
    /// Seconds that a nonce lives.
    package static let lifetime: Int64 = 300

    private let audience: String
    private let keys: [NonceKey]

    /// Creates an authority for an audience.
    ///
    /// The newest key signs; all of them check.
    package init(audience: String, keys: [NonceKey]) {
        self.audience = audience
        self.keys = keys.sorted { $0.createdAt > $1.createdAt }
    }

    /// A new nonce; nil only if there is no key.
    package func issue(at now: Timestamp) -> String? {
        guard let key = keys.first else { return nil }
        let time = (0..<8).map { UInt8(truncatingIfNeeded: now.microseconds >> (56 - 8 * $0)) }
        let body = [key.id] + time + Digest.random(count: 12)
        return Base64URL.encode(body + mac(over: body, with: key))
    }

    /// Checks a nonce as of `now`.
    package func verify(_ text: String, at now: Timestamp) throws(Problem) -> VerifiedNonce {
        guard let bytes = Base64URL.decode(text), bytes.count == 37, let key = keys.first(where: { $0.id == bytes[0] }),
            Digest.areEqual(mac(over: Array(bytes[..<21]), with: key), Array(bytes[21...]))
        else { throw Problem(.badNonce, "the nonce is not one of this scorer's: take the one of this answer") }
        let issuedAt = Timestamp(microseconds: bytes[1..<9].reduce(0) { $0 << 8 | Int64($1) })
        let age = now.seconds(since: issuedAt)
        guard age <= Self.lifetime else {
            throw Problem(
                .badNonce,
                "the nonce is \(age)s old, older than \(Self.lifetime)s: take the one of this answer"
            )
        }
        // Another scorer's clock may be ahead of this one's, a little.
        guard age >= -Self.lifetime else { throw Problem(.badNonce, "the nonce is from the future: the clocks differ") }
        let digest = bytes[21..<29].reduce(0) { $0 << 8 | UInt64($1) }
        return VerifiedNonce(issuedAt: issuedAt, text: text, digest: digest)
    }

    private func mac(over body: [UInt8], with key: NonceKey) -> [UInt8] {
        Array(Digest.hmacSHA256(key: key.secret, message: body + Array(audience.utf8)).prefix(16))
    }
}
