package import PostureModel

/// How many of the devices that pass now a change would fail.
package struct Impact: Sendable, Equatable, Codable {
    /// How many of the examined devices pass now.
    package var passing = 0
    /// How many of those would fail.
    package var failing = 0

    /// Creates an impact.
    package init(passing: Int = 0, failing: Int = 0) { (self.passing, self.failing) = (passing, failing) }

    /// So few failing devices never make a change wait: an operator who revokes one certificate means to.
    package static let alwaysAllowed = 4

    /// Whether more than `percent` of the passing devices would fail, and more than ``alwaysAllowed``.
    package func needsApproval(above percent: Int) -> Bool {
        failing > Self.alwaysAllowed && failing * 100 > passing * percent
    }
}

/// A change that waits for an operator's approval because it would fail many devices, as the store keeps it.
package struct PendingChange: Sendable, Equatable, Codable {
    /// What would change.
    package enum Subject: String, Sendable, Codable, CaseIterable {
        /// The policy.
        case policy
        /// The revocation lists of the checks.
        case crls
    }

    /// What would change.
    package var subject: Subject
    /// The SHA-256 of the proposed value, in base64url.
    package var digest: String
    /// What the change would do.
    package var impact: Impact
    /// When it was proposed.
    package var since: Timestamp

    /// Creates a pending change.
    package init(subject: Subject, digest: String, impact: Impact, since: Timestamp) {
        self.subject = subject
        self.digest = digest
        self.impact = impact
        self.since = since
    }
}
