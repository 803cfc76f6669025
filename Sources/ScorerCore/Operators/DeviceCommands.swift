internal import Logging
package import PostureModel
package import ScorerModel
internal import ScorerStore

/// Devices: which one is meant, and what is decided of it.
extension OperatorCommands {
    /// The device that is meant by an id, by at least 8 characters that it begins with, by a serial number or by a host
    /// name.
    ///
    /// - Throws: ``OperatorError`` if there is none, or more than one: then it lists them.
    package func findDevice(_ text: String) async throws -> DeviceSummary {
        guard text.utf8.count <= 256 else { throw OperatorError(.notFound, "no device has so long a name") }
        let limit = 10
        let found = try await store.devices(named: text, limit: limit + 1)
        guard let first = found.first else {
            throw OperatorError(
                .notFound,
                "no device has the id, serial number or host name '\(text.printable(limit: 64))', nor an id that begins with it "
                    + "(at least 8 characters)",
                .listDevices
            )
        }
        guard found.count == 1 else {
            throw OperatorError(
                .conflict,
                "'\(text.printable(limit: 64))' matches several devices",
                .chooseDevice(Array(found.prefix(limit)), isCut: found.count > limit)
            )
        }
        return first
    }

    /// Everything that is kept of a device.
    ///
    /// - Throws: ``OperatorError`` as ``findDevice(_:)``.
    package func show(_ text: String) async throws -> ShownDevice {
        let device = try await findDevice(text)
        let newest = try await store.newestReport(of: device.device)
        return ShownDevice(
            summary: device,
            facts: newest?.report.report.facts,
            blocks: try await store.blocks().filter { $0.device == device.device },
            waivers: try await store.waivers(of: [device.device], at: now)[device.device] ?? []
        )
    }

    /// Blocks a device: from the next score on its key, the certificates of its newest report and its serial number are
    /// worth nothing, whoever has them; with `keyOnly` its key alone, where it claims what is another's.
    ///
    /// - Returns: its blocks, and the other devices that have the same serial number.
    /// - Throws: ``OperatorError``, also as ``findDevice(_:)``.
    package func block(_ text: String, reason: String, keyOnly: Bool) async throws -> BlockOutcome {
        let reason = try Self.reason(reason)
        let device = try await findDevice(text).device
        func block(_ kind: Block.Kind, _ value: String) -> Block {
            Block(kind: kind, value: value, device: device, reason: reason, createdBy: actor, createdAt: now)
        }
        var blocks = [block(.device, device.rawValue)]
        var others: [DeviceSummary] = []
        if !keyOnly, let known = try await store.newestReport(of: device)?.standing {
            // What it only shows or claims may be another's: that is not blocked.
            blocks += known.proven.sorted().map { block(.certificate, $0) }
            if let serial = known.serial, known.serialOwner == device {
                blocks.append(block(.serial, serial))
                others = try await store.devices(named: serial, limit: 10).filter { $0.device != device }
            }
        }
        let kinds = blocks.map { $0.kind == .device ? "key" : "\($0.kind.rawValue) \($0.value)" }
        let entry = entry(.block, device.rawValue, "\(reason) (\(kinds.joined(separator: ", ")))")
        try await mappingStoreFull { try await store.block(blocks, audit: entry) }
        log(.block, entry)
        return BlockOutcome(device: device, blocks: blocks, others: others)
    }

    /// Ends all blocks of a device.
    ///
    /// - Throws: ``OperatorError`` if it is not blocked, and as ``findDevice(_:)``.
    package func unblock(_ text: String) async throws -> DeviceSummary {
        let device = try await findDevice(text)
        let entry = entry(.unblock, device.device.rawValue)
        guard try await store.unblock(device.device, audit: entry) > 0 else {
            throw OperatorError(.notFound, "the device \(device.device) is not blocked")
        }
        log(.unblock, entry)
        return device
    }

    /// Deletes a device with everything about it but its blocks; the same machine may register again.
    ///
    /// - Throws: ``OperatorError`` if it is not known, and as ``findDevice(_:)``.
    package func delete(_ text: String) async throws -> DeviceSummary {
        let device = try await findDevice(text)
        let names = [device.hostname, device.serial].compactMap { $0 }.joined(separator: ", ")
        let entry = entry(.delete, device.device.rawValue, names)
        guard try await store.forget(device.device, audit: entry) else {
            throw OperatorError(.notFound, "the device \(device.device) is not known; nothing but its blocks is kept")
        }
        log(.delete, entry)
        return device
    }

    /// Does what may find a table full.
    package func mappingStoreFull(_ body: () async throws -> Void) async throws {
        do { try await body() } catch let error as StoreFullError {
            throw OperatorError(.conflict, error.description)
        }
    }
}

/// What was blocked.
package struct BlockOutcome: Sendable, Encodable {
    /// The device.
    package let device: DeviceID
    /// What of it is blocked.
    package let blocks: [Block]
    /// Other devices that have the same serial number, and score 0 with it.
    package let others: [DeviceSummary]

    private enum CodingKeys: String, CodingKey {
        case device, blocks
        case others = "also_blocked"
    }
}

extension OperatorAction {
    static let block = OperatorAction("device.block", "device blocked", subject: "device")
    static let unblock = OperatorAction("device.unblock", "device unblocked", subject: "device")
    static let delete = OperatorAction("device.delete", "device deleted", subject: "device")
}
