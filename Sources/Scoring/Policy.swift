/// What the scorer gives points for.
///
/// The file is `policy.toml`; see packaging/examples.
public struct Policy: Sendable, Equatable {
    /// The points of each rule; they sum to 100.
    public var points: Points
    /// How old a report may be.
    public var freshness: Freshness
    /// What a match by serial number alone is worth.
    public var matching: Matching
    /// Who may register.
    public var registration: Registration
    /// Seconds that the scorer asks agents to wait between reports.
    public var reportInterval: Int

    /// The points of each rule, by the rule's id.
    public struct Points: Sendable, Equatable {
        /// Every check's certificate signed the report.
        public var certificateProven: Int
        /// Every check has a valid certificate, and the machine proved or says that it has the key.
        public var certificateKeyPresent: Int
        /// Every check has a valid certificate, proven or not.
        public var certificatePresent: Int
        /// The report is fresh; old ones give less and less.
        public var reportFresh: Int
        /// DMI gives a serial number that is not junk.
        public var serialKnown: Int
    }

    /// How the worth of a report falls with its age, by the scorer's clock.
    public struct Freshness: Sendable, Equatable {
        /// Seconds for which a report gives all the points of `report_fresh`.
        public var fullFor: Int64
        /// Seconds after which a report is worth nothing at all, whatever it says.
        public var nothingAfter: Int64
    }

    /// What a match by serial number alone is worth: no WARP id told the device apart.
    public struct Matching: Sendable, Equatable {
        /// What it is worth where the row's MAC or host name is the device's too.
        public var serialMatch: SerialMatch
        /// The highest score of a `capped` match, and of one that nothing corroborates.
        public var serialCap: Int

        /// The highest score that such a match can have.
        public func limit(isCorroborated: Bool) -> Int {
            switch serialMatch {
            case .full: isCorroborated ? 100 : serialCap
            case .capped: serialCap
            case .never: 0
            }
        }
    }

    /// What a match by serial number alone is worth.
    public enum SerialMatch: String, Sendable, Codable {
        case full, capped, never
    }

    /// Who may register besides those with an enrolment token.
    public struct Registration: Sendable, Equatable {
        /// Whether a valid certificate proof will do.
        public var byCertificate: Bool
        /// How many devices may register by the proof of one certificate.
        public var devicesPerCertificate: Int
    }

    /// A policy that is sensible without edits.
    public static let standard = Policy(
        points: Points(
            certificateProven: 40,
            certificateKeyPresent: 10,
            certificatePresent: 20,
            reportFresh: 20,
            serialKnown: 10
        ),
        freshness: Freshness(fullFor: 3600, nothingAfter: 86_400),
        matching: Matching(serialMatch: .full, serialCap: 60),
        registration: Registration(byCertificate: true, devicesPerCertificate: 3),
        reportInterval: 300
    )

    /// What is wrong with the policy as a whole, naming the key; nil if nothing is.
    public var problem: String? {
        let all = [
            points.certificateProven, points.certificateKeyPresent, points.certificatePresent, points.reportFresh,
            points.serialKnown,
        ]
        if all.contains(where: { !(0...100).contains($0) }) { return "rules: points are 0 to 100" }
        let sum = all.reduce(0, +)
        if sum != 100 { return "rules: the points sum to \(sum), not to 100" }
        if freshness.fullFor < 0 || freshness.nothingAfter <= freshness.fullFor || freshness.nothingAfter > 31_536_000 {
            return "freshness: 0 <= full_for < nothing_after <= 31536000 (a year) must hold"
        }
        if !(0...100).contains(matching.serialCap) { return "matching.serial_cap: is 0 to 100" }
        if !(1...1_000_000).contains(registration.devicesPerCertificate) {
            return "registration.devices_per_certificate: is 1 to 1000000"
        }
        if !(10...86_400).contains(reportInterval) { return "report_interval: is 10 to 86400 seconds" }
        return nil
    }
}
