package import PostureModel
package import ScorerModel

/// The outcome of a retirement.
package enum RetirementDecision: Sendable, Equatable {
    /// These changes make the device give up its keys and identifiers.
    case retire([Change])
    /// The device is not known, or has retired.
    case unknownDevice
    /// Two machines have the device's key, and either may be the one that should not decide.
    case cloneAlarm
    /// The message does not go on from the newest report: two machines use the device's key.
    case returned(IdentityNotice)
}

/// Decides what a retirement changes.
///
/// A copy of the machine would free the certificate for another device: so the message goes on from the newest report, as a
/// report does.
///
/// - Parameters:
///   - retirement: The message.
///   - receipt: The receipt of the device with a number.
///   - now: The time of receipt.
///   - snapshot: The device with its claims.
/// - Returns: what becomes of the device.
package func decide(
    _ retirement: VerifiedRetirement,
    receipt: (Int64) -> Receipt,
    at now: Timestamp,
    over snapshot: Snapshot
) -> RetirementDecision {
    guard let record = snapshot.records[retirement.device], record.retiredAt == nil else { return .unknownDevice }
    guard record.cloneAlarmSince == nil else { return .cloneAlarm }
    guard record.goesOn(from: retirement.receipt, receipt: receipt) else { return .returned(record.copiedKey(at: now)) }
    return .retire(record.retiring(over: snapshot, at: now))
}
