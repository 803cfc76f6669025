package import PostureModel

/// The content of a CRL whose signature was verified.
package struct KnownRevocations: Sendable, Equatable {
    /// The issuer's name.
    package var issuer: String
    /// The serial numbers on the list, as ``ChainLink/serialNumber`` has them.
    package var serialNumbers: Set<String>
    /// When the list was made.
    package var thisUpdate: Timestamp?
    /// When the next list is due; nil if the list does not say, and so is not known to be current.
    package var nextUpdate: Timestamp?

    /// Creates the content of a CRL.
    package init(issuer: String, serialNumbers: Set<String>, thisUpdate: Timestamp?, nextUpdate: Timestamp?) {
        self.issuer = issuer
        self.serialNumbers = serialNumbers
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
    }

    /// The seconds by which the clock of a CA may be ahead: a list that is dated later does not count yet.
    package static let clockTolerance: Int64 = 300
    /// The seconds for which an overdue list serves where the policy does not say: 3 days.
    package static let standardGrace: Int64 = 3 * 86_400

    /// The state of a list at a moment.
    package enum State: Sendable, Equatable {
        /// The list is up to date.
        case current
        /// The next list is overdue since this moment.
        case overdue(since: Timestamp)
        /// The list is for a time that has not come.
        case notYetValid(from: Timestamp)
        /// The list lacks a time, or the number that RFC 5280 demands.
        case nonconforming
    }

    /// The state of the list, to the second.
    ///
    /// As for OpenSSL, a list is out of date in the second in which the next one is due.
    package func state(at now: Timestamp) -> State {
        guard let thisUpdate, let nextUpdate else { return .nonconforming }
        if !hasBegun(at: now) { return .notYetValid(from: thisUpdate) }
        return now.seconds < nextUpdate.seconds ? .current : .overdue(since: nextUpdate)
    }

    private func hasBegun(at now: Timestamp) -> Bool {
        thisUpdate.map { $0.seconds <= now.seconds + Self.clockTolerance } ?? true
    }

    /// The list that counts, of several of one issuer: the newest that is not dated in the future, whether it is out of date
    /// or not.
    ///
    /// A certificate whose hold was lifted is on the older list and not on the newer.
    package static func newest(of lists: [KnownRevocations], at now: Timestamp) -> KnownRevocations? {
        func rank(_ list: KnownRevocations) -> (Int, Int64) {
            (list.hasBegun(at: now) ? 1 : 0, list.thisUpdate?.microseconds ?? .min)
        }
        return lists.max { rank($0) < rank($1) }
    }

    /// Whether the list revokes a certificate with this serial number; a list of the future does not yet.
    func revokes(_ serialNumber: String, at now: Timestamp) -> Bool {
        hasBegun(at: now) && serialNumbers.contains(serialNumber)
    }
}
