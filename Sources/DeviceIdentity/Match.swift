package import PostureModel

/// Which device a row means, and how sure that is.
package enum Match: Sendable, Equatable {
    /// The device reported this WARP id.
    case byWARPID(DeviceID)
    /// The device is known by this serial number, and nothing contradicts it. It is corroborated where the row's MAC address
    /// or host name is the device's too.
    case bySerial(DeviceID, isCorroborated: Bool)
    /// No device, and why.
    case none(NoMatch)
}

/// Why a row matches no device.
package enum NoMatch: Sendable, Equatable {
    /// No device has reported the WARP id or the serial number.
    case unknown
    /// One device holds the WARP id, and this one the serial number.
    case serialHeldByAnother(DeviceID)
    /// Two devices claim both the WARP id and the serial number.
    case claimedTwice(DeviceID, DeviceID)
    /// The device with the WARP id has reported another serial number.
    case otherSerialReported
    /// A later claimant of the WARP id is more like the row than its holder.
    case warpIDRival(DeviceID)
    /// The device with the serial number has reported another WARP id.
    case otherWARPIDReported
    /// A later claimant of the serial number is more like the row than its holder.
    case serialRival(DeviceID)
    /// The device with the serial number has neither the row's MAC address nor its host name.
    case nothingCorroborates

    /// A sentence for a person.
    package var reason: String {
        switch self {
        case .unknown: "no device has reported this WARP id or serial number"
        case .serialHeldByAnother(let other):
            "the WARP id is one device's, and the serial number another's: \(other)"
        case .claimedTwice(let one, let other):
            "two devices claim the WARP id and the serial number: \(one) and \(other)"
        case .otherSerialReported: "the device with this WARP id has reported another serial number"
        case .warpIDRival(let rival):
            "two devices have reported this WARP id, and the other fields agree with the later one: \(rival)"
        case .otherWARPIDReported: "the device with this serial number has reported another WARP id"
        case .serialRival(let rival):
            "two devices claim this serial number, and the other fields agree with the later one: \(rival)"
        case .nothingCorroborates: "the device with this serial number has neither this MAC address nor this host name"
        }
    }
}
