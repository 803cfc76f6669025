internal import DeviceIdentity
internal import Logging
package import PostureModel
internal import ScorerModel
internal import ScorerStore

/// Machines that were installed again.
extension OperatorCommands {
    /// Puts a new device in the place of an old one, which retires: the new one gets its certificate keys with their age, what
    /// operators assigned to it, its tags and its waivers.
    ///
    /// - Throws: ``OperatorError`` if the old device is blocked or has retired, the new one has retired, or they are the same; and
    ///   as ``findDevice(_:)``.
    package func replace(_ old: String, by new: String) async throws -> ReplacementOutcome {
        let (old, new) = (try await findDevice(old), try await findDevice(new))
        guard old.device != new.device else {
            throw OperatorError(
                .malformed,
                "both names mean the device \(old.device): name the old one, then the new one"
            )
        }
        let entry = entry(.replace, old.device.rawValue, "by \(new.device)")
        try await decide(from: .init(devices: [old.device, new.device])) { snapshot in
            let replaced = try Self.replaceable(old, in: snapshot)
            guard let successor = snapshot.records[new.device] else { throw Self.unknown(new) }
            guard successor.retiredAt == nil else { throw Self.retired(new.device) }
            let waived = Set((replaced.waivers + successor.waivers).map(\.rule))
            guard waived.count <= Waiver.limit else {
                throw OperatorError(.conflict, "the device \(new.device) would have more than \(Waiver.limit) waivers")
            }
            // The new device has to be there still.
            let changes = [Change.device(successor)] + replaced.replaced(by: new.device, over: snapshot, at: now)
            return (Commit(changes, audit: entry), ())
        }
        log(.replace, entry)
        return ReplacementOutcome(device: new.device, replaces: old.device)
    }

    /// The device that is to be replaced, as a snapshot has it.
    ///
    /// - Throws: ``OperatorError`` if it is not known, is blocked, or has retired.
    static func replaceable(_ device: DeviceSummary, in snapshot: Snapshot) throws(OperatorError) -> DeviceRecord {
        guard let record = snapshot.records[device.device] else { throw unknown(device) }
        guard record.blocks.isEmpty else {
            throw OperatorError(
                .conflict,
                "the device \(device.device) is blocked: a device that takes its place would get round the block",
                .showDevice(device.device)
            )
        }
        guard record.retiredAt == nil else {
            throw OperatorError(
                .conflict,
                "the device \(device.device) has retired already: nothing is left to pass on"
            )
        }
        return record
    }
}

/// The outcome of a replacement.
package struct ReplacementOutcome: Sendable, Encodable {
    /// The new device.
    package let device: DeviceID
    /// The old device, which has retired.
    package let replaces: DeviceID
}

extension OperatorAction {
    static let replace = OperatorAction("device.replace", "device replaced", subject: "device")
}
