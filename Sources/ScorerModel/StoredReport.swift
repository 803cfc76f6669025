package import PostureModel

/// A report as it was stored, and what the store knows of its device.
package struct StoredReport: Sendable, Equatable {
    /// The report with the verdicts of its time.
    package let report: VerifiedReport
    /// When it was received, by the scorer's clock.
    package let receivedAt: Timestamp
    /// What else is known of the device.
    package let standing: StoredStanding
    /// The claim by which it was looked up; nil where it was not.
    package let claim: Founded?

    /// How well a claim is founded.
    package struct Founded: Sendable, Equatable {
        /// The rank.
        package let rank: Rank
        /// Since when it has that rank.
        package let since: Timestamp

        /// Creates one.
        package init(rank: Rank, since: Timestamp) {
            self.rank = rank
            self.since = since
        }
    }

    /// Creates a stored report.
    package init(
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
package struct StoredStanding: Sendable, Equatable {
    /// Whether a WARP id is bound to the device, by its newest report or an earlier one.
    package var hasWARPID = false
    /// The last good serial number that the device reported, as an ``Identifier`` has it.
    package var serial: String?
    /// How well that is founded; nil where the claim was not even remembered, of too many.
    package var serialRank: Rank?
    /// The device that this serial number is bound to.
    package var serialOwner: DeviceID?
    /// Whether the host name is bound to this device.
    package var ownsHostname = false
    /// The inventory's tag, where it is certain that the device is the machine of that line.
    package var tag: String?
    /// Since when rules have been failing in every report.
    package var failingSince: [String: Timestamp] = [:]
    /// Since when the device looks like two machines with one key.
    package var clonedAt: Timestamp?
    /// The certificates that its last report with a proof has proven, as `issuerKey:serialNumber` of the leaf.
    package var proven: [String] = []
    /// Why an operator has blocked it, its certificate or its serial number.
    package var block: String?
    /// The device that was blocked: this one, or another with the same certificate or serial number.
    package var blockedWith: DeviceID?
    /// What operators let pass.
    package var waivers: [Waived] = []

    /// A rule that an operator lets pass.
    package struct Waived: Sendable, Equatable, Codable {
        /// The rule's id.
        package var rule: String
        /// Until when, in microseconds since the epoch.
        package var until: Int64
        /// Why.
        package var reason: String

        /// Creates one.
        package init(rule: String, until: Int64, reason: String) {
            self.rule = rule
            self.until = until
            self.reason = reason
        }
    }

    /// Creates the standing of a device of which nothing is known.
    package init() {}
}
