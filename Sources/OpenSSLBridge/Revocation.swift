/// The known revocations, and what becomes of a certificate of which nothing is known.
package struct Revocation: Sendable {
    /// The meaning of an unknown state.
    package enum FailureMode: String, Sendable, Codable {
        /// Unknown is refused: every certificate below the anchor needs a CRL of its issuer that is in the form of RFC 5280
        /// and not out of date.
        case hard
        /// Unknown is let pass; only what is on a list is refused.
        case soft
    }

    /// The seconds by which the times of a list may be wrong.
    package struct Leeway: Sendable, Equatable {
        /// How long a list counts before the time that it was made for.
        package var early: Int64
        /// How long a list that is out of date counts as if it were not.
        package var overdue: Int64

        /// Creates a leeway; the standard one is none.
        package init(early: Int64 = 0, overdue: Int64 = 0) { (self.early, self.overdue) = (early, overdue) }
    }

    /// The lists; none: revocation is not looked at, unless ``needsLists``.
    package var lists: [RevocationList]
    /// The meaning of an unknown state.
    package var failureMode: FailureMode
    /// The seconds by which the times of a list may be wrong.
    package var leeway: Leeway
    /// Whether revocation is looked at also where there is no list: with hard failure, nothing is valid then.
    package var needsLists = false

    /// Creates knowledge of revocation.
    package init(lists: [RevocationList] = [], failureMode: FailureMode = .hard, leeway: Leeway = Leeway()) {
        (self.lists, self.failureMode, self.leeway) = (lists, failureMode, leeway)
    }
}
