package import PostureModel

/// The side with the network tells the side with the keys that the scorer took a message.
package struct Settlement: Sendable, Equatable, Codable {
    /// The message's kind.
    package var type: MessageType
    /// The message's nonce.
    package var nonce: String
    /// The scorer that took it.
    package var audience: String
    /// The receipt of the answer to a report.
    package var receipt: String?

    /// Tells of a message.
    package init(_ type: MessageType, nonce: String, audience: String, receipt: String? = nil) {
        (self.type, self.nonce, self.audience, self.receipt) = (type, nonce, audience, receipt)
    }
}
