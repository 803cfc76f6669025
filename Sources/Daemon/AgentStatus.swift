package import Agent
package import PostureModel

/// What the daemon says of itself to any user of the machine: no secret, and no serial number.
///
/// The form of `postured status --json`; stable, see docs/status.md.
package struct AgentStatus: Sendable, Equatable, Codable {
    /// The program, such as `postured/0.1.0`.
    package var agent: String
    /// The machine's clock as this was said.
    package var now: Timestamp
    /// The scorer's URL; nil where none is configured.
    package var scorer: String?
    /// The scorer's last answer.
    package var answer: ReportAnswer?
    /// When it came, by the machine's clock.
    package var answeredAt: Timestamp?
    /// Since when there is something that the scorer has not heard.
    package var pendingSince: Timestamp?
    /// Why the last try failed; nil where it did not.
    package var error: String?
    /// Since when tries have failed.
    package var failingSince: Timestamp?
    /// When the next report is due; nil while one is on its way, and where no scorer is configured.
    package var nextReportAt: Timestamp?
    /// What is wrong with the newest configuration, or with the collector's view of it; the last good one is used then, or
    /// none where there is no scorer.
    package var configurationFlaw: String?
    /// What cannot be watched for changes, and why.
    package var unwatched: [String]
    /// What was seen when it was last looked.
    package var view: MachineView?

    private enum CodingKeys: String, CodingKey {
        case agent, now, scorer, answer, error, unwatched, view
        case answeredAt = "answered_at"
        case pendingSince = "pending_since"
        case failingSince = "failing_since"
        case nextReportAt = "next_report_at"
        case configurationFlaw = "configuration_flaw"
    }

    /// Whether the scorer has heard the newest there is to say, by the newest configuration.
    package var isWell: Bool { answer != nil && error == nil && configurationFlaw == nil }

    /// One line for `systemctl status`.
    package var summary: String {
        guard scorer != nil else { return "waiting for a configuration: \(configurationFlaw ?? "there is none")" }
        var parts: [String] = []
        if let answer, let answeredAt {
            parts.append("score \(answer.score.value)")
            parts.append("reported \(TimeSpan(seconds: now.seconds(since: answeredAt))) ago")
        } else {
            parts.append("never reported")
        }
        if let error { parts.append("cannot report: \(error)") }
        if configurationFlaw != nil { parts.append("the newest configuration is not used") }
        if let nextReportAt {
            parts.append("next in \(TimeSpan(seconds: nextReportAt.seconds(since: now)))")
        } else {
            parts.append("reporting now")
        }
        return parts.joined(separator: ", ")
    }
}
