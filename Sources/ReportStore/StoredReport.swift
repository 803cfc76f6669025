public import PostureModel

/// A report as it was stored, and what the store knows of its device.
public struct StoredReport: Sendable, Equatable {
    /// The report with the verdicts of its time.
    public let report: VerifiedReport
    /// When it was received, by the scorer's clock.
    public let receivedAt: Timestamp
    /// What else is known of the device.
    public let standing: StoredStanding
    /// The claim by which it was looked up; nil where it was not.
    public let claim: Founded?

    /// How well a claim is founded.
    public struct Founded: Sendable, Equatable {
        /// The rank.
        public let rank: Rank
        /// Since when it has that rank.
        public let since: Timestamp
    }

    /// Creates a stored report.
    public init(
        report: VerifiedReport,
        receivedAt: Timestamp,
        standing: StoredStanding,
        claim: Founded? = nil
    ) {
        self.report = report
        self.receivedAt = receivedAt
        self.standing = standing
        self.claim = claim
    }
}

/// What the store knows of a device besides its newest report.
public struct StoredStanding: Sendable, Equatable {
    /// Whether a WARP id is bound to the device, by its newest report or an earlier one.
    public var hasWARPID = false
    /// The last good serial number that the device reported, as an ``Identifier`` has it.
    public var serial: String?
    /// How well that is founded; nil where the claim was not even remembered, of too many.
    public var serialRank: Rank?
    /// The device that this serial number is bound to.
    public var serialOwner: DeviceID?
    /// Whether the host name is bound to this device.
    public var ownsHostname = false
    /// The inventory's tag, where it is certain that the device is the machine of that line.
    public var tag: String?
    /// Since when rules have been failing in every report.
    public var failingSince: [String: Timestamp] = [:]
    /// Since when the device looks like two machines with one key.
    public var clonedAt: Timestamp?
    /// The certificates that its last report with a proof has proven, as `issuerKey:serialNumber` of the leaf.
    public var proven: [String] = []
    /// Why an operator has blocked it, its certificate or its serial number.
    public var block: String?
    /// The device that was blocked: this one, or another with the same certificate or serial number.
    public var blockedWith: DeviceID?
    /// What operators let pass.
    public var waivers: [Waived] = []

    /// A rule that an operator lets pass.
    public struct Waived: Sendable, Equatable, Codable {
        /// The rule's id.
        public var rule: String
        /// Until when, in microseconds since the epoch.
        public var until: Int64
        /// Why.
        public var reason: String
    }

    /// Creates the standing of a device of which nothing is known.
    public init() {}
}
