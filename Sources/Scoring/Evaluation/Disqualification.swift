package import PostureModel
package import ScorerModel

/// Why a device scores 0, whatever it reports.
package enum Disqualification: Sendable, Equatable {
    /// The device has given up its keys and identifiers.
    case retired(since: Timestamp)
    /// An operator blocked the device, or (`isOwn` is false) another device whose key or identifier this one has.
    case blocked(Block, isOwn: Bool)
    /// Two machines use the device key.
    case cloneAlarm(since: Timestamp)

    /// The sentence for a person.
    func sentence(of device: DeviceID) -> String {
        switch self {
        case .retired(let since): "the device retired at \(since), and has to register again"
        case .blocked(let block, isOwn: true): "an operator has blocked this device: \(block.reason)"
        case .blocked(let block, isOwn: false):
            "an operator has blocked its \(block.kind.words) with the device \(block.device): \(block.reason)"
        case .cloneAlarm(let since):
            "two machines report with this device's key since \(since), or one that was put back to an earlier state: give the "
                + "copy a key of its own (apt purge postured there, and install it again), then run "
                + "'posture-scorer clones clear \(device)'"
        }
    }
}

extension DeviceRecord {
    /// Why the device scores 0, whatever it reports; nil if nothing is the matter.
    ///
    /// A block comes before a retirement, and that before a clone alarm.
    var disqualification: Disqualification? {
        if let block = blocks.first { return .blocked(block, isOwn: block.device == device) }
        if let retiredAt { return .retired(since: retiredAt) }
        return cloneAlarmSince.map { .cloneAlarm(since: $0) }
    }
}

extension Block.Kind {
    /// The kind in words, after "its".
    fileprivate var words: String {
        switch self {
        case .device: "device id"
        case .deviceKey: "device key"
        case .certificateKey: "certificate's key"
        case .serial: "serial number"
        case .warp: "WARP id"
        }
    }
}
