internal import Agent
internal import Logging
internal import PostureModel
internal import SystemdBridge

/// What the journal is told: one line for each change of state, none for a cycle that goes as the last one went.
struct StateJournal: Sendable {
    private var logger: Logger
    private var device: DeviceID?
    private var score: Int?
    private var error: String?
    private var rules: [String: Int] = [:]
    private var checks: [String: String] = [:]
    private var warnings: Set<String> = []
    private var flaw: String?
    private var saveError: String?

    /// Goes on after `last`, of an earlier life.
    init(logger: Logger, last: AgentState) {
        self.logger = logger
        if let device = last.answer?.device { self.logger[metadataKey: "device_id"] = "\(device)" }
        device = last.answer?.device
        score = last.answer?.score.value
        error = last.error
        for rule in last.answer?.score.rules ?? [] { rules[rule.rule] = rule.points }
    }

    /// The newest configuration is in use, or is not: then the last good one is, or, where `isWaiting`, none.
    mutating func configuration(flaw: String?, isWaiting: Bool) {
        defer { self.flaw = flaw }
        guard flaw != self.flaw else { return }
        if let flaw {
            logger.log(
                level: .error,
                .configurationRejected,
                isWaiting
                    ? "no configuration can be used; waiting for one"
                    : "the newest configuration cannot be used; the last good one stays",
                metadata: ["reason": "\(flaw)"]
            )
        } else {
            logger.log(level: .notice, .configurationLoaded, "the configuration is in use")
        }
    }

    /// A try to report came to an end.
    ///
    /// `isCollectorFault` is whether it failed at the collector, and not on the way to the scorer. The state names no serial number.
    mutating func reported(_ state: AgentState, seen: Sighting?, isCollectorFault: Bool) {
        if let view = seen?.view.withoutSerials() { look(view) }
        if let error = state.error {
            if error != self.error {
                logger.log(
                    level: .warning,
                    isCollectorFault ? .collectorFailed : .cannotReport,
                    "cannot report; will try again",
                    metadata: ["reason": "\(error)"]
                )
            }
        } else if let answer = state.answer {
            answered(answer)
        }
        error = state.error
    }

    private mutating func answered(_ answer: ReportAnswer) {
        if answer.device != device {
            device = answer.device
            logger[metadataKey: "device_id"] = "\(answer.device)"
            logger.log(level: .notice, .enrolled, "the scorer knows this machine")
        }
        if answer.score.value != score || error != nil {
            logger.log(level: .notice, .reported, "reported", metadata: ["score": "\(answer.score.value)"])
        }
        score = answer.score.value
        let changed = answer.score.rules.filter { rule in
            rules.updateValue(rule.points, forKey: rule.rule) != rule.points && rule.points < rule.available
        }
        // Several rules may ask for one thing, and lack it for one reason.
        for (index, reason) in changed.map(\.reason).enumerated()
        where changed.firstIndex(where: { $0.reason == reason }) == index {
            let rules = changed.filter { $0.reason == reason }
            let points = rules.map { "\($0.points) of \($0.available) for \($0.rule)" }.joined(separator: ", ")
            logger.log(
                level: .warning,
                .ruleChanged,
                "the scorer gives \(points)",
                metadata: [
                    "rule": "\(rules.map(\.rule).joined(separator: ", "))", "reason": "\(reason)",
                ]
            )
        }
    }

    private mutating func look(_ view: MachineView) {
        for check in view.checks {
            let outcome = "\(check.outcome.rawValue) \(check.code ?? "")"
            // On the first look a check that passes is no news.
            let last = checks.updateValue(outcome, forKey: check.id) ?? "pass "
            if last != outcome {
                logger.log(
                    level: check.outcome == .pass ? .notice : .warning,
                    .checkChanged,
                    "the check \(check.id) \(check.outcome == .pass ? "passes" : "does not pass")",
                    metadata: [
                        "check": "\(check.id)", "outcome": "\(check.outcome.rawValue)",
                        "reason": "\(check.reason)",
                    ]
                )
            }
            for warning in check.warnings where warnings.insert("\(check.id) \(warning)").inserted {
                logger.log(
                    level: .warning,
                    .checkWarning,
                    "the check \(check.id) warns",
                    metadata: ["check": "\(check.id)", "reason": "\(warning)"]
                )
            }
        }
        let current = Set(view.checks.flatMap { check in check.warnings.map { "\(check.id) \($0)" } })
        warnings.formIntersection(current)
    }

    /// What an earlier life remembered cannot be read.
    func damaged(_ reason: String) {
        logger.log(
            level: .error,
            .stateDamaged,
            "the state is damaged; beginning anew",
            metadata: ["reason": "\(reason)"]
        )
    }

    /// The state is kept again.
    mutating func saved() { saveError = nil }

    /// The state cannot be kept: said once.
    mutating func cannotSave(_ reason: String) {
        guard reason != saveError else { return }
        saveError = reason
        logger.log(level: .error, .stateNotKept, "the state cannot be kept", metadata: ["reason": "\(reason)"])
    }
}
