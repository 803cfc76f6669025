/// How many passing devices a change would fail.
package struct Impact: Sendable, Equatable, Codable {
    /// How many of the devices that were looked at pass as things are.
    package var passing = 0
    /// How many of those would fail.
    package var failing = 0

    /// So few devices never make a change wait: an operator who revokes one certificate means to.
    package static let alwaysAllowed = 4

    /// Creates an impact.
    package init(passing: Int = 0, failing: Int = 0) { (self.passing, self.failing) = (passing, failing) }

    /// Whether a change of this impact waits for approval: it fails more than so many percent, and more than a few.
    package func needsApproval(above percent: Int) -> Bool {
        failing > Self.alwaysAllowed && failing * 100 > passing * percent
    }
}

/// A change that waits for approval, since it would fail many devices.
package struct PendingChange: Sendable, Equatable, Codable {
    /// What would change.
    package enum Subject: String, Sendable, Codable, CaseIterable {
        case policy
        case crls
    }

    /// The SHA-256 of what is new, in base64url.
    package var digest: String
    /// What it would do.
    package var impact: Impact
    /// Since when it waits, in microseconds since the epoch.
    package var since: Int64

    /// Creates a pending change.
    package init(digest: String, impact: Impact, since: Int64) {
        self.digest = digest
        self.impact = impact
        self.since = since
    }
}
