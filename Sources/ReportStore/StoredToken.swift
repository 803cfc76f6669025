public import PostureModel

/// An enrolment token at rest.
public struct StoredToken: Sendable, Equatable {
    /// The base64url of the token's SHA-256.
    public let hash: String
    /// When it was made.
    public let createdAt: Timestamp
    /// When it stops working.
    public let expiresAt: Timestamp
    /// How many devices may still register with it.
    public let usesLeft: Int
    /// Who made it, as the audit has it; nil where the audit does not reach back so far.
    public let createdBy: String?

    /// Creates a token at rest.
    public init(hash: String, createdAt: Timestamp, expiresAt: Timestamp, usesLeft: Int, createdBy: String? = nil) {
        self.hash = hash
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.usesLeft = usesLeft
        self.createdBy = createdBy
    }

    /// The audit's word for making one: ``createdBy`` is the actor of that entry with the hash as its subject.
    public static let creation = "token.new"
}
