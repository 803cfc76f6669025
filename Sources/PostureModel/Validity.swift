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

    /// Whether the end is near: nearer to `now` than `warning`, and in the last quarter of the lifetime.
    package func isNearEnd(at now: Timestamp, warning: TimeSpan) -> Bool {
        let lastQuarter = max(0, end.seconds(since: start)) / Self.lastPart
        return end.seconds(since: now) < min(warning.seconds, lastQuarter)
    }

    /// The time from `now` to the end; negative after it.
    package func timeLeft(at now: Timestamp) -> TimeSpan { TimeSpan(seconds: end.seconds(since: now)) }
}
