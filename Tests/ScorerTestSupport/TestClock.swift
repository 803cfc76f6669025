package import PostureModel
internal import Synchronization

/// A clock that stands still until a test moves it.
package final class TestClock: Sendable {
    /// What the clock shows first; the certificates of ``TestCorp`` are valid then.
    package static let start = Timestamp(seconds: 1_800_000_000)

    private let microseconds = Atomic(start.microseconds)

    /// Creates a clock that shows ``start``.
    package init() {}

    package var now: Timestamp { Timestamp(microseconds: microseconds.load(ordering: .sequentiallyConsistent)) }

    /// Moves the clock, backwards for a negative number.
    package func advance(seconds: Int64) {
        microseconds.add(seconds * 1_000_000, ordering: .sequentiallyConsistent)
    }

    /// Sets the clock.
    package func set(_ time: Timestamp) { microseconds.store(time.microseconds, ordering: .sequentiallyConsistent) }

    /// The time, which at each asking is a microsecond later: two nonces are never of the same moment.
    package func tick() -> Timestamp {
        Timestamp(microseconds: microseconds.add(1, ordering: .sequentiallyConsistent).newValue)
    }
}
