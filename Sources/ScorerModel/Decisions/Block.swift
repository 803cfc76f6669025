package import PostureModel

/// A key of a blocked device: every device that has it scores 0, until the device is unblocked.
package struct Block: Sendable, Hashable {
    /// The kind of the value.
    package enum Kind: String, Sendable, Codable {
        /// A device's id.
        case device
        /// A device's key, as the thumbprint of RFC 7638.
        case deviceKey = "device_key"
        /// A certificate's key, as ``CheckVerdict/key``, whichever certificates it gets.
        case certificateKey = "certificate_key"
        /// A serial number, in the form of ``Identifier``.
        case serial
        /// A WARP id, in the form of ``Identifier``.
        case warp
    }

    /// The kind and the value that a block names.
    package struct Key: Sendable, Hashable {
        /// The kind of the value.
        package let kind: Kind
        /// The value that is blocked.
        package let value: String

        package init(_ kind: Kind, _ value: String) { (self.kind, self.value) = (kind, value) }

        /// Creates the key of a block of an identifier.
        package init(_ identifier: Identifier) {
            switch identifier.kind {
            case .warp: self.init(.warp, identifier.value)
            case .serial: self.init(.serial, identifier.value)
            case .key: self.init(.certificateKey, identifier.value)
            }
        }
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
