internal import PostureModel
internal import ScorerModel

/// Who holds the serial number that a device reports.
package enum SerialHolder: Sendable, Equatable {
    /// The device has not reported a good serial number.
    case noSerial
    /// The device itself.
    case thisDevice
    /// Another device.
    case anotherDevice
    /// None: the inventory expects another certificate for the serial number.
    case contradicted
}

extension DeviceRecord {
    /// Who holds the serial number that the device reports.
    var serialHolder: SerialHolder {
        guard serial != nil else { return .noSerial }
        // A claim is not kept where there are too many stronger ones.
        guard let claim = serialClaim else { return .anotherDevice }
        if claim.isHeld { return .thisDevice }
        return claim.holder == nil ? .contradicted : .anotherDevice
    }

    /// The tags that put the device in a group: those of the inventory's line for its serial number.
    ///
    /// They count only where a certificate carries the serial number, or the inventory or an operator says that it is the
    /// device's: a device gets no tag by what it reports.
    var tags: Set<String> {
        guard let claim = serialClaim, claim.isHeld, claim.claim.strength >= .carried else { return [] }
        return inventory?.tag.map { [$0] } ?? []
    }

    private var serialClaim: HeldClaim? { claims(.serial).first { $0.claim.identifier.value == serial } }
}
