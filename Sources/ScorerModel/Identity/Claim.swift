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
        if strength.rank != other.strength.rank { return strength.rank > other.strength.rank }
        return (since, device.rawValue) < (other.since, other.device.rawValue)
    }
}

/// How well a claim is founded.
///
/// docs/identity.md says what follows from each.
package enum ClaimStrength: String, Sendable, Codable, CaseIterable {
    /// The device reports it; of a certificate's key, it shows the certificate without a proof.
    case reported
    /// The device reports it, and proves a certificate; of a certificate's key, it has proven this one.
    case proven
    /// A certificate that the device proves carries it.
    case carried
    /// The inventory names the certificate that the device proves.
    case expected
    /// An operator has said so.
    case assigned

    /// The place in the order of strengths, from the weakest: carried and expected are equal.
    package var rank: Int {
        switch self {
        case .reported: 1
        case .proven: 2
        case .carried, .expected: 3
        case .assigned: 4
        }
    }

    /// Whether it is founded on more than the device's word: the CA's, the inventory's or an operator's.
    package var isVouchedFor: Bool { rank >= Self.carried.rank }
}

extension ClaimStrength: CustomStringConvertible {
    /// The strength in words, after "is".
    package var description: String {
        switch self {
        case .reported: "reported"
        case .proven: "reported by a device that proves a certificate"
        case .carried: "carried by a proven certificate"
        case .expected: "expected by the inventory"
        case .assigned: "assigned by an operator"
        }
    }
}
