package import PostureModel
package import ScorerModel

/// Something about identities that two parties cannot both be right about.
package struct IdentityConflict: Sendable, Equatable, Encodable {
    /// The kinds of conflict.
    package enum Kind: String, Sendable, Encodable, CaseIterable {
        /// Several devices claim a WARP id.
        case warpID = "warp_id"
        /// Several devices claim a serial number.
        case serial = "serial_number"
        /// More devices than may hold it claim a certificate's key.
        case certificateKey = "certificate_key"
        /// Cloudflare asked about a second row that would get the device's score.
        case lending
        /// A certificate's key counts for the first device since the second one, which held it, is silent.
        case certificateKeyPassedOn = "certificate_key_passed_on"
        /// The first device has its certificate's key back, which the second one had while it was silent.
        case certificateKeyReturned = "certificate_key_returned"
        /// Two machines use the device's key.
        case deviceKeyCopied = "device_key_copied"
        /// The device was put back to a snapshot of its memory.
        case snapshotRestored = "snapshot_restored"
    }

    /// A device that takes part.
    package struct Party: Sendable, Equatable, Encodable {
        /// The device.
        package let device: DeviceID
        /// Its host name; nil if it is not known.
        package var hostname: String?
        /// How well its claim is founded; nil where the conflict is not about claims.
        package var claim: ClaimStrength?
        /// Since when it is.
        package var since: Timestamp?
        /// Cloudflare's row that gets the device's score; nil where the conflict is not about rows.
        package var row: String?
        /// Whether the device is blocked.
        package var isBlocked = false

        private enum CodingKeys: String, CodingKey {
            case device, hostname, claim, since, row
            case isBlocked = "blocked"
        }
    }

    /// The kind.
    package let kind: Kind
    /// The identifier that is claimed, or the second row; nil where there is none.
    package let value: String?
    /// The devices; of claims the holder's first.
    package private(set) var parties: [Party]
    /// When it was noticed; nil for claims.
    package let since: Timestamp?

    /// Describes claims to one identifier.
    init(_ claims: ClaimSet) {
        kind =
            switch claims.identifier.kind {
            case .warp: .warpID
            case .serial: .serial
            case .key: .certificateKey
            }
        value = claims.identifier.value.printable()
        parties = claims.claims.map { Party(device: $0.device, claim: $0.strength, since: $0.since) }
        since = nil
    }

    /// Describes a notice of a device, whose score the row `use` gets.
    init(_ notice: IdentityNotice, use: RowUse?) {
        let other = notice.other.printable(limit: 128)
        kind =
            switch notice.kind {
            case .lending: .lending
            case .certificateKeyPassedOn: .certificateKeyPassedOn
            case .certificateKeyReturned: .certificateKeyReturned
            case .deviceKeyCopied: .deviceKeyCopied
            case .snapshotRestored: .snapshotRestored
            }
        since = notice.since
        var parties = [Party(device: notice.device)]
        switch notice.kind {
        case .lending:
            parties[0].row = use?.row.printable(limit: 128)
            value = other
        case .certificateKeyPassedOn, .certificateKeyReturned:
            if let device = DeviceID(rawValue: other) { parties.append(Party(device: device)) }
            value = nil
        case .deviceKeyCopied, .snapshotRestored: value = nil
        }
        self.parties = parties
    }

    /// The conflict with what lists show of its devices.
    func describing(_ devices: [DeviceID: DeviceSummary]) -> IdentityConflict {
        var named = self
        named.parties = parties.map { party in
            var party = party
            party.hostname = devices[party.device]?.hostname
            party.isBlocked = devices[party.device]?.isBlocked == true
            return party
        }
        return named
    }
}
