package import PostureModel

/// An enrolment token at rest.
package struct EnrolmentToken: Sendable, Equatable {
    /// The base64url of the token's SHA-256.
    package let hash: String
    /// When it was made.
    package let createdAt: Timestamp
    /// When it stops working.
    package let expiresAt: Timestamp
    /// How many devices may still register with it.
    package let usesLeft: Int
    /// The operator who created it.
    package let createdBy: String
    /// The device that a device which registers with it replaces; nil for none.
    package let replaces: DeviceID?

    /// Creates a token at rest.
    package init(
        hash: String,
        createdAt: Timestamp,
        expiresAt: Timestamp,
        usesLeft: Int,
        createdBy: String,
        replaces: DeviceID? = nil
    ) {
        self.hash = hash
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.usesLeft = usesLeft
        self.createdBy = createdBy
        self.replaces = replaces
    }
}
