internal import DeviceIdentity
internal import Logging
internal import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import Scoring

/// Identifier conflicts, and everything else about identities that an operator should look at.
extension OperatorCommands {
    /// The identifiers that several devices claim, and the notices of all devices, at most `limit` of each.
    package func conflicts(limit: Int) async throws -> [IdentityConflict] {
        let keyLimit = try await policyInForce().certificates.devicesPerCertificate
        // A device that retired holds no key; its claim is kept for the case that it comes back.
        let claimed = try await store.conflicts(limit: limit).filter { set in
            set.identifier.kind != .key || set.claims.count { set.lastReports[$0.device] != nil } > keyLimit
        }
        let notices = try await store.notices(Set(IdentityNotice.Kind.allCases), limit: limit)
        let uses = try await rowsInUse(of: Set(notices.filter { $0.kind == .lending }.map(\.device)))
        var conflicts = claimed.map { IdentityConflict($0) }
        conflicts += notices.map { IdentityConflict($0, use: uses[$0.device]) }
        let devices = Set(conflicts.flatMap { $0.parties.map(\.device) })
        let hostnames = try await hostnames(of: devices)
        return conflicts.map { $0.naming(hostnames) }
    }

    /// Assigns to a device those of the identifiers that its newest report carries or proves which other devices claim too.
    ///
    /// - Throws: ``OperatorError`` where there are none, where somebody vouches for another device's claim unless `force`, and as
    ///   ``findDevice(_:)``.
    package func resolveConflicts(_ text: String, force: Bool) async throws -> AssignmentOutcome {
        let device = try await findDevice(text)
        let identifiers = try await assign(device, .resolve, force: force) { record in
            let contested = record.contested
            guard !contested.isEmpty else {
                throw OperatorError(
                    .notFound,
                    "the newest report of the device \(device.device) carries nothing that another device claims",
                    .listConflicts
                )
            }
            return contested
        }.identifiers
        return AssignmentOutcome(device: device.device, identifiers: identifiers)
    }

    /// The rows in use of some devices.
    private func rowsInUse(of devices: Set<DeviceID>) async throws -> [DeviceID: RowUse] {
        var uses: [DeviceID: RowUse] = [:]
        for page in Array(devices).pages(of: 200) {
            for (device, record) in try await store.load(.init(devices: Set(page))).records {
                uses[device] = record.use
            }
        }
        return uses
    }

    private func hostnames(of devices: Set<DeviceID>) async throws -> [DeviceID: String] {
        var names: [DeviceID: String] = [:]
        for page in Array(devices).pages(of: 1000) {
            for device in try await store.devices(Set(page)) { names[device.device] = device.hostname }
        }
        return names
    }
}

extension Array {
    /// The elements in parts of a size, the last one perhaps smaller.
    func pages(of size: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}

extension OperatorAction {
    static let resolve = OperatorAction("conflict.resolve", "contested identifiers assigned", subject: "device")
}
