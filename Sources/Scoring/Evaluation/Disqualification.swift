package import PostureModel
package import ScorerModel

/// Why a device scores 0, whatever it reports.
package enum Disqualification: Sendable, Equatable {
    /// An operator blocked the device, or (`isOwn` is false) another device with the same certificate or serial number.
    case blocked(Block, isOwn: Bool)
    /// Two machines use the device key.
    case cloneAlarm(since: Timestamp)

    /// The sentence for a person.
    func sentence(of device: DeviceID) -> String {
        switch self {
        case .blocked(let block, isOwn: true): "an operator has blocked this device: \(block.reason)"
        case .blocked(let block, isOwn: false):
            "an operator has blocked its certificate or serial number with the device \(block.device): \(block.reason)"
        case .cloneAlarm(let since):
            "two machines report with this device's key since \(since): give one of them a key of its own "
                + "(apt purge postured, and install it again), then run 'posture-scorer clones clear \(device)'"
        }
    }
}

extension DeviceRecord {
    /// Why the device scores 0, whatever it reports; nil if nothing is the matter.
    ///
    /// A block comes before a clone alarm.
    var disqualification: Disqualification? {
        if let block = blocks.first { return .blocked(block, isOwn: block.device == device) }
        return cloneAlarmSince.map { .cloneAlarm(since: $0) }
    }
}
