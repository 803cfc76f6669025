package import PostureModel

/// A time in which the scorer was not receiving.
package struct Outage: Sendable, Equatable {
    /// When it was last known to receive.
    package let began: Timestamp
    /// When it did again.
    package let ended: Timestamp

    package init(began: Timestamp, ended: Timestamp) {
        self.began = began
        self.ended = ended
    }
}
