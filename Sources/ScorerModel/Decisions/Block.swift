package import PostureModel

/// One thing by which a blocked device is known: whatever has it scores 0, until the device is unblocked.
package struct Block: Sendable, Hashable {
    /// What the value is.
    package enum Kind: String, Sendable, Codable {
        /// A device's id, and so its key.
        case device
        /// A certificate, as `issuerKey:serialNumber` of its ``ChainLink``.
        case certificate
        /// A serial number, in the form of ``Identifier``.
        case serial
    }

    /// What a block names.
    package struct Key: Sendable, Hashable {
        /// What the value is.
        package let kind: Kind
        /// What is blocked.
        package let value: String

        /// Creates a key.
        package init(_ kind: Kind, _ value: String) { (self.kind, self.value) = (kind, value) }
    }

    /// What the value is.
    package let kind: Kind
    /// What is blocked.
    package let value: String
    /// The device that was blocked: its blocks go together.
    package let device: DeviceID
    /// Why, in the operator's words.
    package let reason: String
    /// Who blocked it.
    package let createdBy: String
    /// When.
    package let createdAt: Timestamp

    /// Creates a block.
    package init(
        kind: Kind,
        value: String,
        device: DeviceID,
        reason: String,
        createdBy: String,
        createdAt: Timestamp
    ) {
        self.kind = kind
        self.value = value
        self.device = device
        self.reason = reason
        self.createdBy = createdBy
        self.createdAt = createdAt
    }

    /// The most blocks that there can be.
    package static let limit = 100_000
}
