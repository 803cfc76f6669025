/// A rule of a policy: what it is worth, and its parameters.
package struct Rule: Sendable, Equatable {
    /// The points of the whole score that it gives where it passes.
    package var points: Int
    /// The most that the whole score can be while it does not pass; nil if it caps nothing.
    package var gate: Int?
    /// Seconds for which it still counts as passed after it began to fail.
    package var grace: Int64
    /// Whether it is shown and costs nothing.
    package var isWarning: Bool
    /// Whether it passes where there is nothing of the kind to look at.
    package var passesWhereNotApplicable: Bool
    /// Its parameters.
    package var parameters: Parameters

    /// Creates a rule.
    package init(
        points: Int = 0,
        gate: Int? = nil,
        grace: Int64 = 0,
        isWarning: Bool = false,
        passesWhereNotApplicable: Bool = false,
        parameters: Parameters = Parameters()
    ) {
        self.points = points
        self.gate = gate
        self.grace = grace
        self.isWarning = isWarning
        self.passesWhereNotApplicable = passesWhereNotApplicable
        self.parameters = parameters
    }

    /// A rule that is shown and costs nothing.
    package static let warning = Rule(isWarning: true)

    /// Whether the score depends on it.
    var counts: Bool { points != 0 || gate != nil }

    /// Whether it is evaluated.
    var isInForce: Bool { counts || isWarning }
}
