package import PostureModel

/// A change that waits for an operator's approval because it would fail many devices, as the store keeps it.
package struct PendingChange: Sendable, Equatable, Codable {
    /// The subject of the change.
    package enum Subject: String, Sendable, Codable, CaseIterable {
        /// The policy.
        case policy
    }

    /// The subject of the change.
    package var subject: Subject
    /// The SHA-256 of the proposed value, in base64url.
    package var digest: String
    /// Its impact.
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
