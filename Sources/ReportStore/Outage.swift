public import PostureModel

/// A time in which the scorer was not receiving.
public struct Outage: Sendable, Equatable {
    /// When it was last known to receive.
    public let began: Timestamp
    /// When it did again.
    public let ended: Timestamp

    /// Creates an outage.
    public init(began: Timestamp, ended: Timestamp) {
        self.began = began
        self.ended = ended
    }
}

/// A device that Cloudflare asked about and that none of ours is for sure.
public struct Stranger: Sendable, Equatable, Codable {
    /// The WARP client's device UUID.
    public var warpID: String
    /// What else the row said.
    public var serial: String
    /// The name of the machine.
    public var hostname: String
    /// Whose it is.
    public var email: String
    /// Its WARP address.
    public var ipv4: String
    /// Why it was no match.
    public var reason: String
    /// When it was asked about first.
    public var firstAt: Timestamp
    /// When it was asked about last.
    public var lastAt: Timestamp

    /// Creates the description of a device.
    public init(
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
