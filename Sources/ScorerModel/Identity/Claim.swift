package import PostureModel

/// A device says that an identifier is its own, and how well that is founded.
package struct Claim: Sendable, Hashable {
    /// What is claimed.
    package let identifier: Identifier
    /// The device that claims it.
    package let device: DeviceID
    /// How well the claim is founded.
    package let strength: ClaimStrength
    /// Since when it is that well founded.
    package let since: Timestamp

    package init(identifier: Identifier, device: DeviceID, strength: ClaimStrength, since: Timestamp) {
        self.identifier = identifier
        self.device = device
        self.strength = strength
        self.since = since
    }

    /// Whether this claim comes before another one to the same identifier: the stronger, then the older.
    package func comesBefore(_ other: Claim) -> Bool {
        if strength != other.strength { return strength > other.strength }
        return (since, device.rawValue) < (other.since, other.device.rawValue)
    }
}

/// How well a claim is founded, from the weakest.
///
/// docs/matching.md says what follows from each.
package enum ClaimStrength: Int, Sendable, Comparable, Codable, CaseIterable {
    /// The inventory expects a certificate for this serial number that the device has not proven: the claim counts for
    /// nothing.
    case contradicted = 0
    /// The device reports it.
    case reported
    /// The device reports it, and proves a certificate.
    case reportedByProvenDevice
    /// A certificate that the device proves carries it.
    case carried
    /// The inventory names the certificate that the device proves.
    case expected
    /// An operator has said so.
    case assigned

    /// Whether one is weaker than the other.
    package static func < (left: ClaimStrength, right: ClaimStrength) -> Bool { left.rawValue < right.rawValue }
}

extension ClaimStrength: CustomStringConvertible {
    /// The strength in words, after "is".
    package var description: String {
        switch self {
        case .contradicted: "contradicted: the inventory expects another certificate"
        case .reported: "reported"
        case .reportedByProvenDevice: "reported by a device that proves a certificate"
        case .carried: "carried by a proven certificate"
        case .expected: "expected by the inventory"
        case .assigned: "assigned by an operator"
        }
    }
}
