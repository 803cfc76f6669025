package import PostureModel

/// Something about a device's identity that an operator should know of, until it is cleared.
package struct IdentityNotice: Sendable, Hashable {
    /// The kinds of notice.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// Clone alarm: two machines use the device's key. The device scores 0 until the alarm is cleared.
        case deviceKeyCopied = "device_key_copied"
        /// Clone alarm: the device was silent, another device got its certificate key meanwhile, and the device came back.
        case certificateKeyReturned = "certificate_key_returned"
        /// A certificate key counts for the device since the device that held it is silent.
        case certificateKeyPassedOn = "certificate_key_passed_on"
        /// Lending alarm: Cloudflare asked about a second row that would get the device's score.
        case lending
        /// The device was put back to a snapshot of its memory, once in a day.
        case snapshotRestored = "snapshot_restored"

        /// Whether it is a clone alarm.
        package var isCloneAlarm: Bool { self == .deviceKeyCopied || self == .certificateKeyReturned }
    }

    /// The device.
    package let device: DeviceID
    /// The kind.
    package let kind: Kind
    /// The other party: a device's id, or the WARP id of a row; blank where there is none.
    package let other: String
    /// When it was noticed first.
    package let since: Timestamp

    /// Creates a notice.
    package init(_ kind: Kind, of device: DeviceID, other: String = "", since: Timestamp) {
        (self.kind, self.device, self.other, self.since) = (kind, device, other, since)
    }

    /// The most notices of one kind of one device: those of one kind leave room for those of another.
    package static let limit = 64
}

extension IdentityNotice: Encodable {
    private enum CodingKeys: String, CodingKey { case device, kind, other, since }

    /// Writes a notice for operators.
    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(device, forKey: .device)
        try object.encode(kind, forKey: .kind)
        if !other.isEmpty { try object.encode(other.printable(limit: 128), forKey: .other) }
        try object.encode(since, forKey: .since)
    }
}
