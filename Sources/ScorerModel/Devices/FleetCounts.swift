package import PostureModel

/// The devices that have not retired, by the age of their newest reports.
package struct FleetCounts: Sendable, Equatable {
    /// How many devices reported within the last hour.
    package var withinHour = 0
    /// How many did within the last day, and not within the hour.
    package var withinDay = 0
    /// How many did before.
    package var earlier = 0
    /// How many never did.
    package var never = 0
    /// How many devices have retired; they count nowhere else.
    package var retired = 0
    /// When the newest report was received; nil if there is none.
    package var newest: Timestamp?

    /// Creates the counts of an empty fleet.
    package init() {}

    /// How many devices there are.
    package var devices: Int { withinHour + withinDay + earlier + never }
}
