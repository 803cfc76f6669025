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
        let claimed = try await store.contestedClaims(limit: limit)
        let notices = try await store.notices(Set(IdentityNotice.Kind.allCases), limit: limit).withoutSuperseded
        let uses = try await rowsInUse(of: Set(notices.filter { $0.kind == .lending }.map(\.device)))
        var conflicts = claimed.map { IdentityConflict($0) }
        conflicts += notices.map { IdentityConflict($0, use: uses[$0.device]) }
        let devices = Set(conflicts.flatMap { $0.parties.map(\.device) })
        let summaries = try await summaries(of: devices)
        return conflicts.map { $0.describing(summaries) }
    }

    /// Assigns to a device those of the identifiers that its newest report carries or proves which other devices claim too.
    ///
    /// - Throws: ``OperatorError`` where there are none, where somebody vouches for another device's claim unless `force`, and as
    ///   ``findDevice(_:)``.
    package func resolveConflicts(_ text: String, force: Bool) async throws -> AssignmentOutcome {
        let device = try await findDevice(text)
        if !force { try await refuseBlockedRivals(of: device) }
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

    private func summaries(of devices: Set<DeviceID>) async throws -> [DeviceID: DeviceSummary] {
        var summaries: [DeviceID: DeviceSummary] = [:]
        for page in Array(devices).pages(of: 1000) {
            for device in try await store.devices(Set(page)) { summaries[device.device] = device }
        }
        return summaries
    }

    /// Refuses to resolve a conflict with a device that is blocked, such as a stolen one: its identifiers stay blocked.
    private func refuseBlockedRivals(of device: DeviceSummary) async throws {
        guard let record = try await store.record(of: device.device) else { return }
        let contested = record.contested
        let rivals = record.claims.filter { contested.contains($0.claim.identifier) }
            .flatMap { $0.rivals.map(\.claim.device) }
        guard let blocked = try await summaries(of: Set(rivals)).values.first(where: \.isBlocked) else { return }
        throw OperatorError(
            .conflict,
            "the device \(blocked.device), which claims the same, is blocked: do not resolve this before you know why",
            .forceAssignment
        )
    }
}

extension ScorerDatabase {
    /// The identifiers that more devices claim than may hold them, at most `limit`.
    ///
    /// A device that retired holds no key; its claim is kept for the case that it comes back.
    func contestedClaims(limit: Int) async throws -> [ClaimSet] {
        let policy = try await ChangeControl.lastPolicy(in: self)?.policy ?? .standard
        return try await conflicts(limit: limit).filter { set in
            set.identifier.kind != .key
                || set.claims.count { set.lastReports[$0.device] != nil } > policy.certificates.devicesPerCertificate
        }
    }
}

extension [IdentityNotice] {
    /// The notices but for those of keys that passed on and were taken back since.
    fileprivate var withoutSuperseded: [IdentityNotice] {
        filter { notice in
            notice.kind != .certificateKeyPassedOn
                || !contains { later in
                    later.kind == .certificateKeyReturned && later.device.rawValue == notice.other
                        && later.other == notice.device.rawValue
                }
        }
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
