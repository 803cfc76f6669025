package import PostureModel

/// The one row of Cloudflare's that gets a device's score.
package struct RowUse: Sendable, Equatable {
    /// The device.
    package let device: DeviceID
    /// The row's `device_id`, in lower case.
    package let row: String
    /// The kind of identifier by which the row was linked last.
    package var kind: Identifier.Kind
    /// The strength of that link.
    package var strength: ClaimStrength
    /// The fields of the row that the newest report had too.
    package var agreeing: Set<AgreeingField>
    /// When the row was asked about last; saved once a minute at most.
    package var askedAt: Timestamp
    /// When the use passed on at once lately, the newest last.
    package var passedOn: [Timestamp]

    /// How often the use passes on at once within two polling intervals.
    package static let passLimit = 2

    /// Creates the use of a row.
    package init(
        device: DeviceID,
        row: String,
        kind: Identifier.Kind,
        strength: ClaimStrength,
        agreeing: Set<AgreeingField>,
        askedAt: Timestamp,
        passedOn: [Timestamp] = []
    ) {
        (self.device, self.row, self.kind, self.strength) = (device, row, kind, strength)
        (self.agreeing, self.askedAt, self.passedOn) = (agreeing, askedAt, passedOn)
    }
}

/// A field of a row of Cloudflare's that can agree with a report.
package enum AgreeingField: String, Sendable, Codable, CaseIterable {
    case serial = "serial_number"
    case mac = "mac_address"
    case hostname
    case ipv4 = "virtual_ipv4"
}

/// What a device's newest report says of its WARP ids.
package enum WARPReading: String, Sendable, Codable, CaseIterable {
    /// It has them.
    case read
    /// There is a client, and the agent cannot tell its ids.
    case cannotTell = "cannot_tell"
    /// There is no client.
    case noClient = "no_client"

    /// Reads it from a report; ids that were read too long ago count as not told.
    package init(_ report: Report) {
        switch report.warpIDs {
        case .observed(let warp): self = warp.mayBeRepeated(at: report.collectedAt) ? .read : .cannotTell
        case .notApplicable: self = .noClient
        case .unreadable, .notReported: self = .cannotTell
        }
    }
}
