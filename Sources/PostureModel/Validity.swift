/// The time in which a certificate is valid, and when its end is near.
public struct Validity: Sendable, Equatable {
    /// The first second.
    public var start: Timestamp
    /// The last second.
    public var end: Timestamp

    /// Creates a validity.
    public init(start: Timestamp, end: Timestamp) { (self.start, self.end) = (start, end) }

    /// The part of its life before whose end a certificate should have been renewed: the last quarter.
    ///
    /// What renews certificates by itself does so when a third is left (step-ca's and ACME's clients), and may be late by
    /// as much as the timer that starts it.
    private static let lastPart: Int64 = 4

    /// Seconds before the end from which it is near: so many days, or a quarter of the lifetime where that is less.
    package func warningTime(days: Int) -> Int64 {
        min(Int64(days) * 86_400, max(0, end.seconds(since: start)) / Self.lastPart)
    }

    /// Whether the end is nearer to `now` than ``warningTime(days:)``.
    package func isNearEnd(at now: Timestamp, days: Int) -> Bool {
        end.seconds(since: now) < warningTime(days: days)
    }

    /// How long it is from `now` to the end: in days, below two of them in hours, below two of those in minutes.
    package func timeLeft(at now: Timestamp) -> String {
        let left = end.seconds(since: now)
        switch left {
        case ..<0: return "no time"
        case ..<60: return "less than a minute"
        case ..<120: return "1 minute"
        case ..<7200: return "\(left / 60) minutes"
        case ..<172_800: return "\(left / 3600) hours"
        default: return "\(left / 86_400) days"
        }
    }
}
