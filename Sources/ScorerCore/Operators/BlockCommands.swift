internal import DeviceIdentity
internal import Logging
package import PostureModel
package import ScorerModel
internal import ScorerStore
internal import Scoring

/// Blocked devices.
extension OperatorCommands {
    /// The most devices that a block names besides its own.
    private static let othersLimit = 10

    /// Blocks a device: it scores 0 from the next score on, and so does every device that proves or reports what it holds.
    ///
    /// The block covers the device's id and key, the certificate keys that count for it, and the identifiers that it holds by
    /// more than its word.
    ///
    /// - Parameters:
    ///   - text: The device.
    ///   - reason: Why, for the audit.
    ///   - scores: Says what counts for the device now; nil to block its id and key alone.
    /// - Returns: its blocks, and the other devices that score 0 with it.
    /// - Throws: ``OperatorError``, also as ``findDevice(_:)``.
    package func block(_ text: String, reason: String, by scores: DeviceScores?) async throws -> BlockOutcome {
        let reason = try Self.reason(reason)
        let device = try await findDevice(text)
        let keys = try await keysToBlock(device, by: scores)
        let blocks = keys.map { key in
            Block(
                kind: key.kind,
                value: key.value,
                device: device.device,
                reason: reason,
                createdBy: actor,
                createdAt: now
            )
        }
        guard try await store.blockCount() + blocks.count <= Block.limit else {
            throw OperatorError(
                .conflict,
                "there are \(Block.limit) blocks, as many as there may be: unblock devices first"
            )
        }
        let others = try await devices(with: keys, besides: device.device)
        let detail = "\(reason) (\(keys.map(\.words).joined(separator: ", ")))"
        try await commit(blocks.map(Change.block), .block, device.device.rawValue, detail)
        return BlockOutcome(
            device: device.device,
            blocks: blocks,
            others: try await store.devices(Set(others.prefix(Self.othersLimit))),
            isCut: others.count > Self.othersLimit,
            uncovered: try await uncovered(device, by: keys)
        )
    }

    /// Ends all blocks of a device.
    ///
    /// - Throws: ``OperatorError`` if it is not blocked, and as ``findDevice(_:)``.
    package func unblock(_ text: String) async throws -> DeviceSummary {
        let device = try await findDevice(text)
        guard try await !store.blocks(of: device.device).isEmpty else {
            throw OperatorError(.notFound, "the device \(device.device) is not blocked")
        }
        try await commit([.unblock(device.device)], .unblock, device.device.rawValue)
        return device
    }

    /// The keys of a block: of a device that was deleted or has not reported, its id and its key alone.
    private func keysToBlock(_ device: DeviceSummary, by scores: DeviceScores?) async throws -> [Block.Key] {
        guard let record = try await store.record(of: device.device) else {
            return [Block.Key(.device, device.device.rawValue)]
        }
        guard let scores, let held = try await scores.held(by: record, at: now) else {
            return record.keysToBlock(keyOnly: true, verdicts: [], heldKeys: [])
        }
        return record.keysToBlock(keyOnly: false, verdicts: held.verdicts, heldKeys: held.keys)
    }

    /// The identifiers that the newest report carries and the block does not cover.
    private func uncovered(_ device: DeviceSummary, by keys: [Block.Key]) async throws -> [Identifier] {
        let reported = try await store.record(of: device.device)?.reported ?? []
        return reported.filter { !keys.contains(Block.Key($0)) }.sorted()
    }

    /// The other devices that prove or report something that is blocked, and so score 0.
    private func devices(with keys: [Block.Key], besides device: DeviceID) async throws -> [DeviceID] {
        let identifiers = Set(keys.compactMap(\.identifier))
        let request = Snapshot.Request(identifiers: identifiers, claimants: ClaimSet.limit)
        return try await store.load(request).records.values.filter { record in
            record.device != device && !Set(record.blockKeys).isDisjoint(with: keys)
        }.map(\.device).sorted { $0.rawValue < $1.rawValue }
    }
}

extension DeviceScores {
    /// What counts for a device at a moment: the verdicts of its newest report, and the certificate keys that it holds; nil if
    /// it has not reported.
    fileprivate func held(
        by record: DeviceRecord,
        at now: Timestamp
    ) async throws -> (verdicts: [CheckVerdict], keys: Set<String>)? {
        try await outages.refresh()
        guard let input = try await outages.scoringInput(record, at: now) else { return nil }
        let context = try await changes.context(at: now)
        return (
            context.policy.verdicts(of: input, trust: context.trust, at: now),
            context.policy.heldKeys(of: input, at: now)
        )
    }
}

extension Block.Key {
    /// The identifier that the block covers; nil for a device's id or key.
    fileprivate var identifier: Identifier? {
        switch kind {
        case .device, .deviceKey: nil
        case .certificateKey: .key(value)
        case .serial: Identifier(stored: .serial, value)
        case .warp: Identifier(stored: .warp, value)
        }
    }

    /// The key in the audit.
    fileprivate var words: String {
        switch kind {
        case .device: "device"
        case .deviceKey: "device key"
        case .certificateKey: "certificate key \(value)"
        case .serial: "serial \(value)"
        case .warp: "warp-id \(value)"
        }
    }
}

/// The outcome of a block.
package struct BlockOutcome: Sendable, Encodable {
    /// The device.
    package let device: DeviceID
    /// Its blocks.
    package let blocks: [Block]
    /// Other devices that score 0 with it.
    package let others: [DeviceSummary]
    /// Whether there are more of them.
    package let isCut: Bool
    /// The identifiers that the device only says are its own: they may be another's, and are not blocked.
    package let uncovered: [Identifier]

    private enum CodingKeys: String, CodingKey {
        case device, blocks
        case uncovered = "not_blocked"
        case others = "also_blocked"
        case isCut = "also_blocked_is_cut"
    }
}

extension OperatorAction {
    static let block = OperatorAction("device.block", "device blocked", subject: "device")
    static let unblock = OperatorAction("device.unblock", "device unblocked", subject: "device")
}
