/// How many of the devices that pass now a change would fail.
package struct Impact: Sendable, Equatable, Codable {
    /// How many of the examined devices pass now.
    package var passing = 0
    /// How many of those would fail.
    package var failing = 0

    package init(passing: Int = 0, failing: Int = 0) { (self.passing, self.failing) = (passing, failing) }

    /// So few failing devices never make a change wait: an operator who revokes one certificate means to.
    static let alwaysAllowed = 4

    /// Whether more than `percent` of the passing devices would fail, and more than ``alwaysAllowed``.
    package func needsApproval(above percent: Int) -> Bool {
        failing > Self.alwaysAllowed && failing * 100 > passing * percent
    }
}
