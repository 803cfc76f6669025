internal import Logging
package import PostureModel
package import ScorerModel
internal import ScorerStore

/// Clone alarms, and the other notices of a device.
extension OperatorCommands {
    /// The clone alarms, the newest first, at most `limit`, with the devices as far as they are known.
    package func cloneAlarms(limit: Int) async throws -> [CloneAlarm] {
        let kinds = Set(IdentityNotice.Kind.allCases.filter(\.isCloneAlarm))
        let notices = try await store.notices(kinds, limit: limit)
        var devices: [DeviceID: DeviceSummary] = [:]
        for page in Array(Set(notices.map(\.device))).pages(of: 1000) {
            for device in try await store.devices(Set(page)) { devices[device.device] = device }
        }
        return notices.map {
            CloneAlarm(notice: $0, hostname: devices[$0.device]?.hostname, serial: devices[$0.device]?.serial)
        }
    }

    /// Clears the notices of a device, clone alarms and others.
    ///
    /// After an alarm about its key, the history of the device begins
    /// anew with its next report.
    ///
    /// - Returns: the notices that it had.
    /// - Throws: ``OperatorError`` if it has none, and as ``findDevice(_:)``.
    package func clearNotices(_ text: String) async throws -> ClearedNotices {
        let device = try await findDevice(text)
        let (notices, entry) = try await decide(from: .init(devices: [device.device])) { snapshot in
            guard var record = snapshot.records[device.device] else { throw Self.unknown(device) }
            guard !record.notices.isEmpty else {
                throw OperatorError(
                    .notFound,
                    "the device \(device.device) has no clone alarm and no other notice",
                    .listClones
                )
            }
            let notices = record.notices
            let kinds = Set(notices.map(\.kind.rawValue)).sorted().joined(separator: ", ")
            let entry = self.entry(.clearNotices, device.device.rawValue, kinds)
            if notices.contains(where: { $0.kind == .deviceKeyCopied }) { record.continuity?.beginAnew() }
            // Whatever was noticed after this record was read is not cleared unseen.
            let commit = Commit([.device(record), .clearNotices(record.device)], audit: entry)
            return (commit, (notices, entry))
        }
        log(.clearNotices, entry)
        return ClearedNotices(device: device.device, notices: notices)
    }
}

/// A clone alarm with the device that it is about.
package struct CloneAlarm: Sendable, Encodable {
    /// The alarm.
    package let notice: IdentityNotice
    /// The device's host name.
    package let hostname: String?
    /// The device's serial number.
    package let serial: String?

    private enum CodingKeys: String, CodingKey { case hostname, serial }

    /// Writes all of it into one object.
    package func encode(to encoder: any Encoder) throws {
        try notice.encode(to: encoder)
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encodeIfPresent(hostname, forKey: .hostname)
        try object.encodeIfPresent(serial, forKey: .serial)
    }
}

/// The notices of a device that were cleared.
package struct ClearedNotices: Sendable, Encodable {
    /// The device.
    package let device: DeviceID
    /// The notices.
    package let notices: [IdentityNotice]
}

extension OperatorAction {
    static let clearNotices = OperatorAction("clone.clear", "notices of a device cleared", subject: "device")
}
