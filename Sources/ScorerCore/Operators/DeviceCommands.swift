internal import DeviceIdentity
internal import Logging
internal import PostureModel
package import ScorerModel
internal import ScorerStore

/// Devices: which one is meant, what is kept of it, and its deletion.
extension OperatorCommands {
    /// The device that is meant by an id, by at least 8 characters that it begins with, by a serial number or by a host
    /// name.
    ///
    /// - Throws: ``OperatorError`` if there is none, or more than one: then it lists them.
    func findDevice(_ text: String) async throws -> DeviceSummary {
        guard text.utf8.count <= 256 else { throw OperatorError(.notFound, "no device has so long a name") }
        let limit = 10
        let found = try await devices(named: text.trimmed(), limit: limit + 1)
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
        let blocks = try await store.blocks(of: device.device)
        guard let record = try await store.record(of: device.device) else {
            return ShownDevice(summary: device, blocks: blocks)
        }
        let report = try? record.newest?.verified().report
        return ShownDevice(
            summary: device,
            record: record,
            report: report,
            identifiers: try await identifiers(of: record),
            blocks: blocks,
            now: now
        )
    }

    /// The devices that a person may mean by this text, at most `limit`.
    ///
    /// These are the devices with this id, or else those whose id begins so, or whose newest report has this serial number or
    /// host name. Devices that are blocked and no longer known are among them.
    private func devices(named text: String, limit: Int) async throws -> [DeviceSummary] {
        guard !text.isEmpty else { return [] }
        if DeviceID(rawValue: text) != nil { return try await store.devices(idPrefix: text, limit: 1) }
        var found: [DeviceSummary] = []
        if text.utf8.count >= Self.prefixLength { found += try await store.devices(idPrefix: text, limit: limit) }
        if let name = DeviceName(.serial, text) {
            found += try await store.devices(named: name.key, .serial, limit: limit).map(\.summary)
        }
        if let name = DeviceName(.hostname, text), let spoken = Hostname(text) {
            // Many hosts may have one name in domains of their own, and one of them is meant.
            let limit = name.key == spoken.name ? limit : Self.namesakeLimit
            found += try await store.devices(named: name.key, .hostname, limit: limit).filter { device in
                device.names.contains { Hostname($0)?.means(spoken) == true }
            }.map(\.summary)
        }
        var seen: Set<DeviceID> = []
        return Array(found.filter { seen.insert($0.device).inserted }.prefix(limit))
    }

    /// The fewest characters that the beginning of an id has: no serial number or host name is taken for one by chance.
    private static let prefixLength = 8
    /// How many hosts of one name, in whichever domains, are looked through for that of one domain.
    private static let namesakeLimit = 10_000

    /// Deletes a device with everything about it but its blocks; the same machine may register again.
    ///
    /// - Throws: ``OperatorError`` if it is not known, and as ``findDevice(_:)``.
    package func delete(_ text: String) async throws -> DeviceSummary {
        let device = try await findDevice(text)
        let names = [device.hostname, device.serial].compactMap { $0 }.joined(separator: ", ")
        try await decide(device, .delete, names) { record, snapshot in
            record.withdrawingClaims(over: snapshot).map(Change.claims)
                + [.deleteDevice(record.device, version: record.version)]
        }
        return device
    }
}

extension OperatorAction {
    static let delete = OperatorAction("device.delete", "device deleted", subject: "device")
}
