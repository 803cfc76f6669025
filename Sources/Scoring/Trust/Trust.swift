package import PostureModel

/// What the scorer trusts now: a verdict that was good when the report came in is good only as long as this allows.
///
/// All of it are values: who reads the store and the files makes one of these.
package struct Trust: Sendable, Equatable {
    /// What each check trusts, by its id; every device has to pass them all.
    package var checks: [String: Check]

    /// Creates the present trust.
    package init(checks: [String: Check]) {
        self.checks = checks
    }

    /// What one check trusts.
    package struct Check: Sendable, Equatable {
        /// The fingerprints of its CAs' certificates.
        package var anchors: Set<String>
        /// The ids of CAs that the check names and nobody has: removed, or never added.
        package var missing: [String]
        /// What is known to be revoked, by the SHA-256 of the issuer's key as ``ChainLink/issuerKey`` has it.
        package var revocations: [String: [KnownRevocations]]
        /// Whether a certificate counts for nothing once its issuer's CRL is out of date.
        package var refusesUnknown: Bool

        /// Creates what a check trusts.
        package init(
            anchors: Set<String>,
            missing: [String] = [],
            revocations: [String: [KnownRevocations]] = [:],
            refusesUnknown: Bool = true
        ) {
            self.anchors = anchors
            self.missing = missing
            self.revocations = revocations
            self.refusesUnknown = refusesUnknown
        }
    }
}

/// What one CRL says, whose signature was verified.
package struct KnownRevocations: Sendable, Equatable {
    /// The issuer's name.
    package var issuer: String
    /// The serial numbers on the list, as ``ChainLink/serialNumber`` has them.
    package var serialNumbers: Set<String>
    /// When the list was made.
    package var thisUpdate: Timestamp?
    /// When the next list is due; nil where that is not said, and so not known to be in the future.
    package var nextUpdate: Timestamp?

    /// Creates what a list says.
    package init(issuer: String, serialNumbers: Set<String>, thisUpdate: Timestamp?, nextUpdate: Timestamp?) {
        self.issuer = issuer
        self.serialNumbers = serialNumbers
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
    }

    /// Whether the list speaks of `now`: to the second, and as OpenSSL has it, which takes a list to be late in the very
    /// second in which the next one is due.
    package func isCurrent(at now: Timestamp) -> Bool {
        guard let thisUpdate, let nextUpdate else { return false }
        return thisUpdate.seconds <= now.seconds && now.seconds < nextUpdate.seconds
    }

    /// The list that is asked, of several of one issuer: a current one before another, then the newest.
    ///
    /// A certificate that was on hold stands on the older list and not on the newer.
    static func best(of lists: [KnownRevocations], at now: Timestamp) -> KnownRevocations? {
        func rank(_ list: KnownRevocations) -> (Int, Int64) {
            (list.isCurrent(at: now) ? 1 : 0, list.thisUpdate?.microseconds ?? .min)
        }
        return lists.max { rank($0) < rank($1) }
    }
}
