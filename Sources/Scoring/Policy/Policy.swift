package import ScorerModel

/// The rules of the centre: what gives points, how old a report may be, and who may register.
///
/// The file is `policy.toml`; see packaging/examples and docs/policy.md.
package struct Policy: Sendable, Equatable {
    /// The rules of every device that is in no group; their points sum to 100.
    package var rules: [Rule.Name: Rule]
    /// The groups whose devices have rules of their own; the first that a device is in counts.
    var groups: [Group]
    /// How old a report may be.
    package var freshness: Freshness
    /// What links a row of Cloudflare's to a device.
    package var matching: Matching
    /// What certificates are worth.
    package var certificates: Certificates
    /// Who may register without an enrolment token.
    package var registration: Registration
    /// Seconds between two reports of an agent.
    package var reportInterval: Int
    /// The lowest score that passes: the number that Cloudflare's check compares with.
    package var passMark: Int
    /// The percent of passing devices that a change may fail without an operator's approval.
    package var approvalAbove: Int

    /// The ages at which a report is fresh, and stale, by the scorer's clock.
    package struct Freshness: Sendable, Equatable {
        /// Seconds for which a report is fresh: it gives all the points of `report_fresh`.
        package var freshFor: Int64
        /// Seconds after which a report is stale: the score is 0, whatever it says.
        package var staleAfter: Int64
    }

    /// What links a row of Cloudflare's to a device.
    package struct Matching: Sendable, Equatable {
        /// What a link by a WARP id needs that nobody but the device vouches for.
        package var warpMatch: LinkRules.WARPMatch
        /// What a link by serial number needs.
        package var serialMatch: LinkRules.SerialMatch
        /// MAC addresses and host names that many machines have, besides those that are built in.
        package var shared = SharedValues()
    }

    /// What certificates are worth.
    package struct Certificates: Sendable, Equatable {
        /// How many devices one certificate's key counts for.
        package var devicesPerCertificate: Int
        /// Seconds for which certificates keep their points once the list that could revoke them is out of date.
        package var crlGrace: Int64
    }

    /// The rules by which rows are linked to devices, with the seconds between two posture queries.
    package func linkRules(pollingInterval: Int64) -> LinkRules {
        LinkRules(
            warpMatch: matching.warpMatch,
            serialMatch: matching.serialMatch,
            shared: matching.shared,
            devicesPerCertificate: certificates.devicesPerCertificate,
            pollingInterval: pollingInterval
        )
    }

    /// Who may register without an enrolment token.
    package struct Registration: Sendable, Equatable {
        /// Whether a device may register by the proof of a valid certificate.
        package var byCertificate: Bool
        /// How many devices may register by the proof of one certificate: a machine that is installed again is a new device.
        package var perCertificate: Int
    }

    /// The policy without a file: what is proven gives points, and what a machine only says of itself is shown.
    package static let standard = Policy(
        rules: Dictionary(
            uniqueKeysWithValues: Rule.Name.allCases.compactMap { name in name.standard.map { (name, $0) } }
        ),
        groups: [],
        freshness: Freshness(freshFor: 3600, staleAfter: 86_400),
        matching: Matching(warpMatch: .agreeing, serialMatch: .corroborated),
        certificates: Certificates(devicesPerCertificate: 1, crlGrace: 3 * 86_400),
        registration: Registration(byCertificate: true, perCertificate: 3),
        reportInterval: 300,
        passMark: 60,
        approvalAbove: 10
    )
}
