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
    /// The worth of a match by serial number alone.
    package var matching: Matching
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

    /// The worth of a match by serial number alone: no WARP id matches.
    package struct Matching: Sendable, Equatable {
        /// The worth if the row's MAC or host name is the device's too.
        var serialMatch: SerialMatch
        /// The highest score of a `capped` match, and of one that nothing corroborates.
        var serialCap: Int
        /// Whether a match by WARP id does not count if the row has another serial number than the device reported.
        package var serialContradicts: Bool

        /// The highest score that such a match can have.
        package func limit(isCorroborated: Bool) -> Int {
            switch serialMatch {
            case .full: isCorroborated ? 100 : serialCap
            case .capped: serialCap
            case .never: 0
            }
        }
    }

    /// The worth of a match by serial number alone.
    package enum SerialMatch: String, Sendable, Codable {
        case full, capped, never
    }

    /// Who may register without an enrolment token.
    package struct Registration: Sendable, Equatable {
        /// Whether a device may register by the proof of a valid certificate.
        package var byCertificate: Bool
        /// How many devices may register by the proof of one certificate.
        package var devicesPerCertificate: Int
    }

    /// The policy without a file: what is proven gives points, and what a machine only says of itself is shown.
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
