package import PostureModel

/// The side with the network tells the side with the keys that the scorer took a message, or refused it for good.
package struct Settlement: Sendable, Equatable, Codable {
    /// The scorer's decision on a message.
    package enum Outcome: String, Sendable, Codable {
        /// The scorer took it: what waited for that is done.
        case taken
        /// The scorer refused it, and has not taken it before: what waited for it is discarded.
        case refused
    }

    /// The message's kind.
    package var type: MessageType
    /// The scorer's decision.
    package var outcome: Outcome
    /// The message's nonce.
    package var nonce: String
    /// The scorer that decided.
    package var audience: String
    /// The receipt of the answer to a report.
    package var receipt: String?

    /// Tells of a message.
    package init(
        _ type: MessageType,
        _ outcome: Outcome = .taken,
        nonce: String,
        audience: String,
        receipt: String? = nil
    ) {
        (self.type, self.outcome) = (type, outcome)
        (self.nonce, self.audience, self.receipt) = (nonce, audience, receipt)
    }
}

extension MessageType {
    /// Whether the side with the keys signs it in the place of a report for as long as it waits for the scorer.
    package var comesBeforeReports: Bool { self == .keyReplacement || self == .retirement }
}
