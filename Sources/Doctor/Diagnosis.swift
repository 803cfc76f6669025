internal import Agent
package import PostureModel

/// What the doctor found, in the order in which one thing depends on another.
///
/// The form of `postured doctor --json`; stable, see docs/status.md.
package struct Diagnosis: Sendable, Equatable, Codable {
    /// The program, such as `postured/0.1.0`.
    package var agent: String
    /// The machine's clock as it began.
    package var now: Timestamp
    /// What was found.
    package var findings: [Finding]

    /// The exit status that goes with it: 2 where neither the configuration nor the daemon could be seen, 1 where something
    /// failed, else 0.
    package var exitStatus: Int32 {
        let isBlind = ["configuration", "daemon"].allSatisfy { name in
            findings.contains { $0.name == name && $0.outcome == .skipped }
        }
        return isBlind ? 2 : findings.contains { $0.outcome == .failed } ? 1 : 0
    }
}

/// One precondition.
package struct Finding: Sendable, Equatable, Codable {
    /// How it is with it.
    package enum Outcome: String, Sendable, Codable, CaseIterable {
        /// It is met.
        case ok
        /// It is met, and something should be mended all the same.
        case warning
        /// It is not met.
        case failed
        /// Nobody looked: what it depends on failed, this user may not, or there is nothing of the kind.
        case skipped
    }

    /// Its name, such as `dns`.
    package var name: String
    /// The outcome.
    package var outcome: Outcome
    /// What was seen, or why nobody looked: a sentence.
    package var seen: String
    /// What to do about it; nil where there is nothing to do.
    package var advice: String?

    init(_ name: String, _ outcome: Outcome, _ seen: String, advice: String? = nil) {
        (self.name, self.outcome) = (name, outcome)
        // Parts of it may have come from anywhere.
        (self.seen, self.advice) = (seen.printable(), advice?.printable())
    }

    /// The same without the secrets.
    func hiding(_ secrets: [String]) -> Finding {
        Finding(name, outcome, seen.hiding(secrets), advice: advice?.hiding(secrets))
    }
}
