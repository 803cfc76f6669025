internal import Agent
package import ConfigurationFile
internal import Glibc
package import PostureModel

/// What the daemon remembers from one life to the next: that something is still to be reported, and the last answer.
///
/// Not what is to be reported: on delivery everything is collected afresh.
package struct AgentState: Sendable, Equatable, Codable {
    /// Since when there is something that the scorer has not heard; nil where it has heard everything.
    package var pendingSince: Timestamp?
    /// How many tries in a row have failed.
    package var failures = 0
    /// The scorer's last answer.
    package var answer: ReportAnswer?
    /// When it came, by the machine's clock.
    package var answeredAt: Timestamp?
    /// Why the last try failed; nil where it did not.
    package var error: String?
    /// When the tries began to fail.
    package var failingSince: Timestamp?

    private enum CodingKeys: String, CodingKey {
        case failures, answer, error
        case pendingSince = "pending_since"
        case answeredAt = "answered_at"
        case failingSince = "failing_since"
    }

    /// A daemon that has never reported.
    package init() {}
}

/// Where an ``AgentState`` is kept: one file, replaced as a whole.
package struct StateFile: Sendable {
    /// The file.
    package let path: String
    private static let limit = 256 * 1024

    /// The state's file in a directory.
    package init(in directory: String) { path = "\(directory)/state.json" }

    /// The state; a new one where there is no file.
    ///
    /// - Throws: an error that names the file, where it is damaged or cannot be read.
    package func load() throws(ConfigurationError) -> AgentState {
        let bytes: [UInt8]
        do { bytes = try readFile(path, limit: Self.limit, isOwn: true) } catch {
            if error.isAbsence { return AgentState() }
            throw error
        }
        do {
            var state: AgentState = try Wire.decode(from: bytes)
            state.failures = min(max(state.failures, 0), 1000)
            return state
        } catch { throw ConfigurationError(path, "\(error)") }
    }

    /// Replaces the state, and makes the directory if there is none.
    package func save(_ state: AgentState) throws(ConfigurationError) {
        let bytes: [UInt8]
        do { bytes = try Wire.encode(state) } catch { throw ConfigurationError(path, "\(error)") }
        let directory = String(path.dropLast("/state.json".count))
        _ = unsafe mkdir(directory, 0o700)
        try replaceFile(path, with: bytes)
    }
}
