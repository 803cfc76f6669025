package import PostureModel

/// One device in a list.
///
/// What the machine says of itself is made printable.
package struct DeviceSummary: Sendable, Equatable, Codable {
    /// The device's id.
    package let device: DeviceID
    /// When it registered; nil for one that is blocked and no longer known.
    package let registeredAt: Timestamp?
    /// When it gave up its keys and identifiers; nil if it did not.
    package let retiredAt: Timestamp?
    /// When its newest report was received; nil if there is none.
    package let receivedAt: Timestamp?
    /// The host name of its newest report: the kernel's, or else that of `/etc/hostname`.
    package let hostname: String?
    /// The serial number of its newest report that is not junk.
    package let serial: String?
    /// The operating system of its newest report, such as `debian 12`.
    package let operatingSystem: String?
    /// The program that made its newest report, such as `postured/0.1.0`.
    package let agent: String?
    /// What its newest report says of the WARP ids.
    package let warp: WARPReading?
    /// Whether this very device was blocked; what it has may be blocked because of another.
    package let isBlocked: Bool

    /// Creates a device in a list.
    package init(
        device: DeviceID,
        registeredAt: Timestamp?,
        retiredAt: Timestamp? = nil,
        receivedAt: Timestamp? = nil,
        listing: DeviceListing = DeviceListing(),
        isBlocked: Bool = false
    ) {
        self.device = device
        self.registeredAt = registeredAt
        self.retiredAt = retiredAt
        self.receivedAt = receivedAt
        hostname = listing.hostname
        serial = listing.serial
        operatingSystem = listing.operatingSystem
        agent = listing.agent
        warp = listing.warp
        self.isBlocked = isBlocked
    }

    private enum CodingKeys: String, CodingKey {
        case device, hostname, serial, agent
        case operatingSystem = "operating_system"
        case registeredAt = "registered_at"
        case retiredAt = "retired_at"
        case receivedAt = "received_at"
        case warp = "warp_ids"
        case isBlocked = "blocked"
    }
}

/// A device that was found by a name.
package struct FoundDevice: Sendable, Equatable {
    /// The device in short.
    package let summary: DeviceSummary
    /// The names by which it was found, as the machine has them.
    package let names: [String]

    /// Creates a device that was found.
    package init(summary: DeviceSummary, names: [String]) {
        self.summary = summary
        self.names = names
    }
}
