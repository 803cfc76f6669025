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
        let entry = entry(.assignClaims, device.device.rawValue)
        switch try await store.resolve(device.device, force: force, audit: entry) {
        case .unknown: throw OperatorError(.notFound, "the device \(device.device) is not known")
        case .belongsTo(let others):
            let names = others.map(\.rawValue).sorted().joined(separator: ", ")
            throw OperatorError(
                .conflict,
                "the claims of \(names) are carried by a certificate, or confirmed by the inventory or an operator",
                .forceAssignment
            )
        case .resolved(let identifiers):
            log(.assignClaims, entry)
            return (device, identifiers)
        }
    }

    /// Clears the clone alarm of a device.
    ///
    /// - Throws: ``OperatorError`` if it has none, and as ``findDevice(_:)``.
    package func clearCloneAlarm(_ text: String) async throws -> DeviceSummary {
        let device = try await findDevice(text)
        let entry = entry(.clearCloneAlarm, device.device.rawValue)
        guard try await store.unflag(device.device, audit: entry) else {
            throw OperatorError(.notFound, "the device \(device.device) has no clone alarm")
        }
        log(.clearCloneAlarm, entry)
        return device
    }
}

extension OperatorAction {
    static let assignClaims = OperatorAction("conflict.resolve", "claims assigned to a device", subject: "device")
    static let clearCloneAlarm = OperatorAction("clone.clear", "clone alarm cleared", subject: "device")
}
