internal import DeviceIdentity
internal import Logging
package import PostureModel
package import ScorerModel
internal import ScorerStore

/// Identifiers that operators assign to devices by value.
extension OperatorCommands {
    /// Assigns an identifier to a device; every other claim goes behind.
    ///
    /// - Throws: ``OperatorError`` for a value that identifies nothing, where somebody vouches for another device's claim unless
    ///   `force`, and as ``findDevice(_:)``.
    package func assign(
        _ text: String,
        _ kind: AssignedKind,
        _ value: String,
        force: Bool
    ) async throws -> AssignmentOutcome {
        let identifier = try kind.identifier(value)
        let device = try await findDevice(text)
        let record = try await assign(device, .assign, force: force, others: [identifier]) { _ in
            [identifier]
        }.record
        let readsAnother =
            identifier.kind == .warp && record.listing.warp == .read && !record.reported.contains(identifier)
        return AssignmentOutcome(device: device.device, identifiers: [identifier], readsAnotherWARPID: readsAnother)
    }

    /// Takes back the assignment of an identifier: the claim goes unless the newest report makes it.
    ///
    /// - Throws: ``OperatorError`` if the identifier is not assigned to the device, and as ``findDevice(_:)``.
    package func unassign(_ text: String, _ kind: AssignedKind, _ value: String) async throws -> AssignmentOutcome {
        let identifier = try kind.identifier(value)
        let device = try await findDevice(text)
        let entry = entry(.unassign, device.device.rawValue, identifier.words)
        try await decide(from: .init(devices: [device.device], identifiers: [identifier])) { snapshot in
            guard let record = snapshot.records[device.device] else { throw Self.unknown(device) }
            guard let claims = record.withdrawingAssignment(of: identifier, over: snapshot) else {
                throw OperatorError(
                    .notFound,
                    "the \(identifier.words) is not assigned to the device \(device.device)",
                    .showDevice(device.device)
                )
            }
            return (Commit([.device(record), .claims(claims)], audit: entry), ())
        }
        log(.unassign, entry)
        return AssignmentOutcome(device: device.device, identifiers: [identifier])
    }

    /// Assigns the identifiers that `identifiers` says of the device's record: of those that it claims, and of `others`.
    ///
    /// - Returns: the record, and the identifiers.
    /// - Throws: ``OperatorError`` if the device is not known or has retired, and where somebody vouches for another device's
    ///   claim unless `force`.
    func assign(
        _ device: DeviceSummary,
        _ action: OperatorAction,
        force: Bool,
        others: Set<Identifier> = [],
        _ identifiers: (DeviceRecord) throws -> Set<Identifier>
    ) async throws -> (record: DeviceRecord, identifiers: [Identifier]) {
        let request = Snapshot.Request(devices: [device.device], identifiers: others)
        let result = try await decide(from: request) { snapshot in
            guard let record = snapshot.records[device.device] else { throw Self.unknown(device) }
            guard record.retiredAt == nil else { throw Self.retired(device.device) }
            let wanted = try identifiers(record)
            switch record.assigning(wanted, over: snapshot, force: force, at: now) {
            case .heldByOthers(let others): throw Self.heldByOthers(others)
            case .assigned(let assigned, claims: []):
                return (commit: nil, result: (record: record, identifiers: assigned, entry: nil as AuditEntry?))
            case .assigned(let assigned, let claims):
                let detail = assigned.map(\.words).joined(separator: ", ")
                let entry = self.entry(action, device.device.rawValue, detail)
                // The device has to be there still, with the report that was decided from.
                let commit = Commit([.device(record)] + claims.map(Change.claims), audit: entry)
                return (commit, (record, assigned, entry))
            }
        }
        if let entry = result.entry { log(action, entry) }
        return (result.record, result.identifiers)
    }

    private static func heldByOthers(_ others: Set<DeviceID>) -> OperatorError {
        let names = others.map(\.rawValue).sorted().joined(separator: ", ")
        return OperatorError(
            .conflict,
            "the claims of \(names) are carried by a certificate, expected by the inventory or assigned by an operator",
            .forceAssignment
        )
    }

    static func retired(_ device: DeviceID) -> OperatorError {
        OperatorError(.conflict, "the device \(device) has retired, and holds nothing until it registers again")
    }
}

/// The kinds of identifier that operators assign.
package enum AssignedKind: String, Sendable, CaseIterable {
    /// An id of the WARP client.
    case warpID = "warp-id"
    /// A serial number.
    case serial

    /// The identifier with this value.
    ///
    /// - Throws: ``OperatorError`` for a placeholder, and a value that is blank, too long or not printable.
    func identifier(_ value: String) throws(OperatorError) -> Identifier {
        let shown = "'\(value.printable(limit: 64))'"
        switch self {
        case .warpID:
            guard let identifier = Identifier(.warp, value) else {
                throw OperatorError(
                    .malformed,
                    "\(shown) is no WARP id: give the device's id as Cloudflare lists it, in 1 to 256 printable bytes"
                )
            }
            return identifier
        case .serial:
            guard let identifier = Identifier(.serial, value) else {
                let reason = SerialNumber(value).junkReason ?? "longer than 256 bytes or not printable"
                throw OperatorError(
                    .malformed,
                    "\(shown) identifies no machine: \(reason); give the serial number that is on the machine, or assign a WARP id"
                )
            }
            return identifier
        }
    }
}

extension Identifier {
    /// The identifier in the audit, and in errors.
    package var words: String {
        switch kind {
        case .warp: "warp-id \(value.printable())"
        case .serial: "serial \(value.printable())"
        case .key: "certificate key \(value)"
        }
    }
}

/// The outcome of an assignment, or of taking one back.
package struct AssignmentOutcome: Sendable, Encodable {
    /// The device.
    package let device: DeviceID
    /// The identifiers.
    package let identifiers: [Identifier]
    /// Whether the assignment does not count now, since the agent reads another WARP id.
    package var readsAnotherWARPID = false

    private enum CodingKeys: String, CodingKey {
        case device, identifiers
        case readsAnotherWARPID = "reads_another_warp_id"
    }
}

extension Identifier: Encodable {
    private enum CodingKeys: String, CodingKey { case kind, value }

    /// Writes an identifier for operators.
    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(kind, forKey: .kind)
        try object.encode(value.printable(), forKey: .value)
    }
}

extension OperatorAction {
    static let assign = OperatorAction("device.assign", "identifier assigned to a device", subject: "device")
    static let unassign = OperatorAction("device.unassign", "assignment of an identifier taken back", subject: "device")
}
