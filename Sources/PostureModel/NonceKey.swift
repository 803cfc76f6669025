/// A key that nonces are authenticated with; any scorer that has it can check another's nonces.
public struct NonceKey: Sendable, Equatable {
    /// The key's number, 0 to 255, as it stands in the nonce.
    public let id: UInt8
    /// 32 secret bytes.
    public let secret: [UInt8]
    /// When the key was made.
    public let createdAt: Timestamp

    /// Creates a key from its parts.
    public init(id: UInt8, secret: [UInt8], createdAt: Timestamp) {
        self.id = id
        self.secret = secret
        self.createdAt = createdAt
    }
}
