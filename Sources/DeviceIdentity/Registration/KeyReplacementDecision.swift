package import PostureModel
package import ScorerModel

/// The outcome of a key replacement.
package enum KeyReplacementDecision: Sendable, Equatable {
    /// The device's record with the new key.
    case replace(DeviceRecord)
    /// The new key is in force already: the answer was lost, and the message repeated.
    case alreadyReplaced
    /// The device is not known, or has retired.
    case unknownDevice
    /// A key that was replaced may do no more than repeat its message: two machines use the device's key.
    case byReplacedKey(IdentityNotice)
    /// The message does not go on from the newest report: two machines use the device's key.
    case returned(IdentityNotice)
}

/// Decides what a key replacement changes.
///
/// The device keeps its id, and with it everything that was decided of it.
///
/// - Parameters:
///   - replacement: The message.
///   - receipt: The receipt of the device with a number.
///   - now: The time of receipt.
///   - snapshot: The device.
/// - Returns: what becomes of the device.
package func decide(
    _ replacement: VerifiedKeyReplacement,
    receipt: (Int64) -> Receipt,
    at now: Timestamp,
    over snapshot: Snapshot
) -> KeyReplacementDecision {
    guard var record = snapshot.records[replacement.device], record.retiredAt == nil else { return .unknownDevice }
    if record.key == replacement.newKey { return .alreadyReplaced }
    guard record.key == replacement.oldKey || record.replacedKeys.contains(replacement.oldKey) else {
        return .unknownDevice
    }
    guard record.key == replacement.oldKey, !record.replacedKeys.contains(replacement.newKey) else {
        return .byReplacedKey(record.copiedKey(at: now))
    }
    guard record.goesOn(from: replacement.receipt, receipt: receipt) else {
        return .returned(record.copiedKey(at: now))
    }
    record.replacedKeys = (record.replacedKeys + [record.key]).suffix(DeviceRecord.replacedKeyLimit)
    (record.key, record.keyThumbprint) = (replacement.newKey, replacement.newThumbprint)
    return .replace(record)
}

extension DeviceRecord {
    /// The clone alarm for a message that was signed with a replaced key.
    package func copiedKey(at now: Timestamp) -> IdentityNotice {
        IdentityNotice(.deviceKeyCopied, of: device, since: now)
    }
}
