/// A rule of a policy: what it is worth, and its parameters.
package struct Rule: Sendable, Equatable {
    /// The points of the whole score that it gives where it passes.
    var points: Int = 0
    /// The most that the whole score can be while it does not pass; nil if it caps nothing.
    var gate: Int?
    /// Seconds for which it still counts as passed after it began to fail.
    var grace: Int64 = 0
    /// Whether it is shown and costs nothing.
    var isWarning = false
    /// Whether it passes where there is nothing of the kind to look at.
    var passesWhereNotApplicable = false
    /// Its parameters.
    var parameters = Parameters()

    /// A rule that is shown and costs nothing.
    package static let warning = Rule(isWarning: true)

    /// Whether the score depends on it.
    var counts: Bool { points != 0 || gate != nil }

    /// Whether it is evaluated.
    var isInForce: Bool { counts || isWarning }
}
