package import PostureModel

/// A row of a posture query that matched no device.
package struct UnmatchedDevice: Sendable, Equatable, Codable {
    /// The WARP client's device UUID.
    package var warpID: String
    /// What else the row said.
    package var serial: String
    /// The name of the machine.
    package var hostname: String
    /// Whose it is.
    package var email: String
    /// Its WARP address.
    package var ipv4: String
    /// Why it was no match.
    package var reason: String
    /// When it was asked about first.
    package var firstAt: Timestamp
    /// When it was asked about last.
    package var lastAt: Timestamp

    /// Creates the description of a device.
    package init(
        warpID: String,
        serial: String,
        hostname: String,
        email: String,
        ipv4: String,
        reason: String,
        firstAt: Timestamp,
        lastAt: Timestamp
    ) {
        self.warpID = warpID
        self.serial = serial
        self.hostname = hostname
        self.email = email
        self.ipv4 = ipv4
        self.reason = reason
        self.firstAt = firstAt
        self.lastAt = lastAt
    }

    private enum CodingKeys: String, CodingKey {
        case serial, hostname, email, reason
        case ipv4 = "virtual_ipv4"
        case warpID = "device_id"
        case firstAt = "first_at"
        case lastAt = "last_at"
    }
}
