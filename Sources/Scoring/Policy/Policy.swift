/// What the scorer gives points for.
///
/// The file is `policy.toml`; see packaging/examples and docs/policy.md.
package struct Policy: Sendable, Equatable {
    /// The rules of every device that is in no group; their points sum to 100.
    package var rules: [Rule.Name: Rule]
    /// The groups whose devices have rules of their own; the first that a device is in counts.
    package var groups: [Group]
    /// How old a report may be.
    package var freshness: Freshness
    /// What a match by serial number alone is worth.
    package var matching: Matching
    /// Who may register.
    package var registration: Registration
    /// Seconds that the scorer asks agents to wait between reports.
    package var reportInterval: Int
    /// The score from which on a device passes: what Cloudflare's check compares with.
    package var passMark: Int
    /// The percent of passing devices that a change may fail without an operator's approval.
    package var approvalAbove: Int

    /// How the worth of a report falls with its age, by the scorer's clock.
    package struct Freshness: Sendable, Equatable {
        /// Seconds for which a report is fresh: it gives all the points of `report_fresh`.
        package var freshFor: Int64
        /// Seconds after which a report is stale: the score is 0, whatever it says.
        package var staleAfter: Int64
    }

    /// What a match by serial number alone is worth: no WARP id told the device apart.
    package struct Matching: Sendable, Equatable {
        /// What it is worth where the row's MAC or host name is the device's too.
        package var serialMatch: SerialMatch
        /// The highest score of a `capped` match, and of one that nothing corroborates.
        package var serialCap: Int
        /// Whether a match by WARP id is none where the row has another serial number than the device reported.
        package var serialContradicts: Bool

        /// Creates what matches are worth.
        package init(serialMatch: SerialMatch, serialCap: Int, serialContradicts: Bool) {
            self.serialMatch = serialMatch
            self.serialCap = serialCap
            self.serialContradicts = serialContradicts
        }

        /// The highest score that such a match can have.
        package func limit(isCorroborated: Bool) -> Int {
            switch serialMatch {
            case .full: isCorroborated ? 100 : serialCap
            case .capped: serialCap
            case .never: 0
            }
        }
    }

    /// What a match by serial number alone is worth.
    package enum SerialMatch: String, Sendable, Codable {
        case full, capped, never
    }

    /// Who may register besides those with an enrolment token.
    package struct Registration: Sendable, Equatable {
        /// Whether a valid certificate proof will do.
        package var byCertificate: Bool
        /// How many devices may register by the proof of one certificate.
        package var devicesPerCertificate: Int
    }

    /// A policy that is sensible without edits: what is proven gives points, and what a machine only says of itself is
    /// shown.
    package static let standard = Policy(
        rules: Dictionary(
            uniqueKeysWithValues: Rule.Name.allCases.compactMap { name in name.standard.map { (name, $0) } }
        ),
        groups: [],
        freshness: Freshness(freshFor: 3600, staleAfter: 86_400),
        matching: Matching(serialMatch: .full, serialCap: 50, serialContradicts: true),
        registration: Registration(byCertificate: true, devicesPerCertificate: 3),
        reportInterval: 300,
        passMark: 60,
        approvalAbove: 10
    )
}
