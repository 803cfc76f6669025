package import PostureModel

/// The trusted CAs and the revocations of one moment, by which the verdicts of a report still hold or do not.
package struct Trust: Sendable, Equatable {
    /// The trust of each check, by the id of the check; a device has to pass all checks.
    package var checks: [String: Check]

    /// Creates the present trust.
    package init(checks: [String: Check]) {
        self.checks = checks
    }

    /// The trust of one check.
    package struct Check: Sendable, Equatable {
        /// The fingerprints of its CAs' certificates.
        package var anchors: Set<String>
        /// The ids of CAs that the check names and that are not among the trusted CAs: removed, or never added.
        package var missing: [String]
        /// The CRLs, by the SHA-256 of the issuer's key as ``ChainLink/issuerKey`` has it.
        package var revocations: [String: [KnownRevocations]]
        /// Whether a certificate does not count once its issuer's CRL is out of date.
        package var refusesUnknown: Bool

        /// Creates the trust of a check.
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

    /// Whether the list is current, to the second.
    ///
    /// As for OpenSSL, a list is out of date in the second in which the next one is due.
    package func isCurrent(at now: Timestamp) -> Bool {
        guard let thisUpdate, let nextUpdate else { return false }
        return thisUpdate.seconds <= now.seconds && now.seconds < nextUpdate.seconds
    }

    /// The list that counts, of several of one issuer: the newest of the current ones, or else of all.
    ///
    /// A certificate whose hold was lifted is on the older list and not on the newer.
    static func best(of lists: [KnownRevocations], at now: Timestamp) -> KnownRevocations? {
        func rank(_ list: KnownRevocations) -> (Int, Int64) {
            (list.isCurrent(at: now) ? 1 : 0, list.thisUpdate?.microseconds ?? .min)
        }
        return lists.max { rank($0) < rank($1) }
    }
}
