internal import PostureModel

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
        /// Whether CRLs are required: a certificate does not count once its issuer's CRL is out of date for too long.
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
