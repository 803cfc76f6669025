package import PostureModel

/// A key of a blocked device: every device that has it scores 0, until the device is unblocked.
package struct Block: Sendable, Hashable {
    /// The kind of the value.
    package enum Kind: String, Sendable, Codable {
        /// A device's id, and so its key.
        case device
        /// A certificate, as `issuerKey:serialNumber` of its ``ChainLink``.
        case certificate
        /// A serial number, in the form of ``Identifier``.
        case serial
    }

    /// The kind and the value that a block names.
    package struct Key: Sendable, Hashable {
        /// The kind of the value.
        package let kind: Kind
        /// The value that is blocked.
        package let value: String

        package init(_ kind: Kind, _ value: String) { (self.kind, self.value) = (kind, value) }
    }

    /// The kind of the value.
    package let kind: Kind
    /// The value that is blocked.
    package let value: String
    /// The device that was blocked: its blocks go together.
    package let device: DeviceID
    /// Why, in the operator's words.
    package let reason: String
    /// The operator who blocked it.
    package let createdBy: String
    /// When.
    package let createdAt: Timestamp

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
