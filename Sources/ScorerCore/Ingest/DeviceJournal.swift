internal import Logging
internal import PostureModel
internal import Synchronization

/// Warnings to operators because of what a device reports: a few lines, and then one an hour, of each.
///
/// A line that comes after others were left out says how many those were.
final class DeviceJournal: Sendable {
    /// How many devices are told apart; the lines of others come out of one share.
    static let capacity = 4096

    private let logger: Logger
    private let shares: TokenBuckets<DeviceID>
    /// That of all devices for which there is no room.
    private let others = TokenBuckets<Bool>(interval: 3600, burst: 6)
    /// That of what concerns the whole fleet.
    private let fleet = TokenBuckets<Bool>(interval: 3600, burst: 1)
    private let suppressed = Mutex<[DeviceID?: Int]>([:])
    private let capacity: Int

    init(logger: Logger, capacity: Int = DeviceJournal.capacity) {
        self.logger = logger
        self.capacity = capacity
        shares = TokenBuckets(interval: 3600, burst: 6, capacity: capacity)
    }

    /// Warns of something that concerns the whole fleet, a few times, and then once an hour.
    func warn(_ text: Logger.Message, at now: Timestamp) {
        if fleet.take(true, at: now) == 0 { logger.warning(text) }
    }

    /// Warns of something that a device did, unless there were too many lines because of it lately.
    func warn(_ text: Logger.Message, of device: DeviceID, _ metadata: Logger.Metadata = [:], at now: Timestamp) {
        var metadata = metadata
        metadata["device"] = "\(device)"
        let hasShare = shares.hasRoom(for: device, at: now)
        let key = hasShare ? device : nil
        guard (hasShare ? shares.take(device, at: now) : others.take(true, at: now)) == 0 else {
            // A device that was silent since has no share any more, and still a count: they have a bound of their own.
            return suppressed.withLock { counts in
                let counted = counts[key] != nil || counts.count < capacity ? key : nil
                counts[counted, default: 0] += 1
            }
        }
        if let count = suppressed.withLock({ $0.removeValue(forKey: key) }) { metadata["suppressed"] = "\(count)" }
        logger.warning(text, metadata: metadata)
    }
}
