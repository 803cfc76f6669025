package import PostureModel

/// The reason why a row gets no device's score.
package enum NoMatch: Sendable, Equatable {
    /// No device has the row's WARP id or serial number.
    case unknown
    /// The device cannot tell its WARP ids, and the rest of the row is not enough.
    case warpIDsUnreadable(DeviceID)
    /// The device's newest report read other WARP ids.
    case otherWARPIDRead(DeviceID)
    /// The device's newest report says that it has no WARP client.
    case noWARPClient(DeviceID)
    /// The newest report does not carry the row's serial number any more.
    case serialNotReported(DeviceID)
    /// The newest report is stale, and a link by serial number needs a live device.
    case silent(DeviceID)
    /// No field of the row agrees with the newest report.
    case nothingAgrees(DeviceID)
    /// The row and the newest report have different serial numbers.
    case serialContradicts(DeviceID)
    /// A certificate that the device proves carries its serial number, and the row does not have it.
    case carriedSerialMissing(DeviceID)
    /// The policy has `warp_match = "carried"`, and nobody but the device vouches for the WARP id.
    case notCarried(DeviceID)
    /// The policy has `serial_match = "never"`.
    case serialNeverMatches(DeviceID)
    /// Another row gets the device's score: a lending alarm.
    case rowInUse(DeviceID, row: String)

    /// The device that the row would be linked to; nil where there is none.
    package var device: DeviceID? {
        switch self {
        case .unknown: nil
        case .warpIDsUnreadable(let device), .otherWARPIDRead(let device), .noWARPClient(let device),
            .serialNotReported(let device), .silent(let device), .nothingAgrees(let device),
            .serialContradicts(let device), .carriedSerialMissing(let device), .notCarried(let device),
            .serialNeverMatches(let device), .rowInUse(let device, _):
            device
        }
    }

    /// A sentence for a person, which says what to do.
    package var reason: String {
        switch self {
        case .unknown:
            "no device has this WARP id or serial number: is the agent installed and registered on the machine?"
        case .warpIDsUnreadable(let device):
            "WARP ids unreadable: the device \(device) cannot tell its WARP ids, and the virtual IPv4 does not agree; run "
                + "'postured doctor' there, or 'posture-scorer devices assign \(device) warp-id ID'"
        case .otherWARPIDRead(let device):
            "the newest report of the device \(device) read another WARP id: if WARP was registered anew, run 'postured report' there"
        case .noWARPClient(let device):
            "the newest report of the device \(device) says that it has no WARP client: if it has one, run 'postured doctor' there"
        case .serialNotReported(let device): "the newest report of the device \(device) has another serial number"
        case .silent(let device): "the device \(device) is silent, and only its serial number is that of the row"
        case .nothingAgrees(let device):
            "the device \(device) reports this WARP id, and no field of the row (serial number, MAC address, host name, "
                + "virtual IPv4) agrees with its newest report"
        case .serialContradicts(let device):
            "the device \(device) reports this WARP id, and another serial number than the row has: restart WARP there, or run "
                + "'posture-scorer devices assign \(device) warp-id ID'"
        case .carriedSerialMissing(let device):
            "the certificate of the device \(device) carries its serial number, and the row has another or none"
        case .notCarried(let device):
            "the device \(device) reports this WARP id, and no certificate, inventory or operator vouches for it "
                + "(warp_match = \"carried\")"
        case .serialNeverMatches(let device):
            "only the serial number of the device \(device) is that of the row (serial_match = \"never\")"
        case .rowInUse(let device, let row):
            "the score of the device \(device) is given to the row \(row.printable(limit: 128)): see 'posture-scorer conflicts list'"
        }
    }
}
