package import PostureModel

/// A rule that an operator lets pass for one device until a date.
package struct Waiver: Sendable, Equatable {
    /// The device.
    package let device: DeviceID
    /// The rule's id.
    package let rule: String
    /// From when on the rule counts again.
    package let expiresAt: Timestamp
    /// Why, in the operator's words.
    package let reason: String
    /// Who waived it.
    package let createdBy: String
    /// When; it counts for no moment before.
    package let createdAt: Timestamp

    package init(
        device: DeviceID,
        rule: String,
        expiresAt: Timestamp,
        reason: String,
        createdBy: String,
        createdAt: Timestamp
    ) {
        self.device = device
        self.rule = rule
        self.expiresAt = expiresAt
        self.reason = reason
        self.createdBy = createdBy
        self.createdAt = createdAt
    }

    /// Whether the waiver counts at a moment.
    package func counts(at now: Timestamp) -> Bool { createdAt <= now && now < expiresAt }

    /// The most waivers that one device can have.
    package static let limit = 100
}
