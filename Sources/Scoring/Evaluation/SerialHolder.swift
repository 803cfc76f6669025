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
    /// None: the inventory expects another certificate for the serial number than the device proves.
    case contradicted
}

extension DeviceRecord {
    /// Who holds the serial number that the device reports.
    ///
    /// - Parameter verdicts: The verdicts of the newest report as they count now.
    /// - Returns: the holder.
    func serialHolder(_ verdicts: [CheckVerdict]) -> SerialHolder {
        guard let serial else { return .noSerial }
        // A claim is not kept where there are too many stronger ones.
        guard let held = claims(.serial).first(where: { $0.claim.identifier.value == serial }), held.isHeld else {
            return .anotherDevice
        }
        if held.claim.strength == .assigned { return .thisDevice }
        guard let expected = inventory?.certificateName else { return .thisDevice }
        let names = verdicts.filter(\.proves).compactMap { $0.commonName?.lowercased() }
        return names.contains(expected.lowercased()) ? .thisDevice : .contradicted
    }
}
