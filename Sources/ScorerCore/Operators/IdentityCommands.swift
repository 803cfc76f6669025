internal import DeviceIdentity
internal import Logging
internal import PostureModel
package import ScorerModel
internal import ScorerStore

/// Identifier conflicts and clone alarms.
extension OperatorCommands {
    /// Makes a device the holder of everything that it claims.
    ///
    /// - Returns: the device, and the identifiers that it holds now.
    /// - Throws: ``OperatorError`` as ``findDevice(_:)``, and where another device has a good claim, unless `force`.
    package func assignClaims(_ text: String, force: Bool) async throws -> (
        device: DeviceSummary, identifiers: [Identifier]
    ) {
        let device = try await findDevice(text)
        let record = try await record(of: device)
        // What a report that cannot be read says, is not assigned; the claims in the store are.
        let report = try? record.newest?.verified().report
        let reported = report.map { Set(ReportedClaims.identifiers(of: $0)) } ?? []
        let entry = entry(.assignClaims, device.device.rawValue)
        let identifiers = try await decide(
            from: .init(devices: [device.device], identifiers: reported)
        ) { snapshot in
            guard let record = snapshot.records[device.device] else { throw Self.unknown(device) }
            switch record.assigningClaims(of: report, over: snapshot, force: force, at: now) {
            case .assigned(let identifiers, let claims):
                // The device has to be there still.
                return (Commit([.device(record)] + claims.map(Change.claims), audit: entry), identifiers)
            case .heldByOthers(let others): throw Self.heldByOthers(others)
            }
        }
        log(.assignClaims, entry)
        return (device, identifiers)
    }

    /// Clears the clone alarm of a device.
    ///
    /// - Throws: ``OperatorError`` if it has none, and as ``findDevice(_:)``.
    package func clearCloneAlarm(_ text: String) async throws -> DeviceSummary {
        let device = try await findDevice(text)
        try await decide(device, .clearCloneAlarm) { record, _ in
            guard record.cloneAlarmSince != nil else {
                throw OperatorError(.notFound, "the device \(device.device) has no clone alarm")
            }
            var cleared = record
            (cleared.cloneAlarmSince, cleared.boots) = (nil, BootHistory())
            return [.device(cleared)]
        }
        return device
    }

    private static func heldByOthers(_ others: Set<DeviceID>) -> OperatorError {
        let names = others.map(\.rawValue).sorted().joined(separator: ", ")
        return OperatorError(
            .conflict,
            "the claims of \(names) are carried by a certificate, or confirmed by the inventory or an operator",
            .forceAssignment
        )
    }
}

extension OperatorAction {
    static let assignClaims = OperatorAction("conflict.resolve", "claims assigned to a device", subject: "device")
    static let clearCloneAlarm = OperatorAction("clone.clear", "clone alarm cleared", subject: "device")
}
