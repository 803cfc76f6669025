internal import Agent
internal import Daemon
internal import LocalSocket
internal import PostureModel

/// What the daemon said, or why it said nothing.
struct DaemonState: Sendable {
    var status: AgentStatus?
    var error: String?
}

/// What the daemon saw when it was asked to look.
enum ViewState: Sendable {
    case seen(MachineView)
    /// It could not look.
    case unseen(String)
    /// It looked a moment ago, by a configuration that is not in use any more.
    case tooSoon
    /// There is no daemon.
    case nobody
}

/// The daemon, its collector and its reports.
extension Examination {
    func askDaemon() async -> DaemonState { await ask(.status, within: .seconds(3)) }

    func freshView(_ daemon: DaemonState) async -> ViewState {
        guard let before = daemon.status else { return .nobody }
        let answer = await ask(.look, within: .seconds(10))
        guard let status = answer.status else { return .unseen(answer.error ?? "no answer") }
        if let view = status.view { return .seen(view) }
        // An error that was there before is one of the reports'.
        guard let error = status.error, error != before.error else { return .tooSoon }
        return .unseen(error)
    }

    private func ask(_ question: StatusQuestion, within limit: Duration) async -> DaemonState {
        do {
            let request = try Wire.encode(StatusRequest(question))
            let reply = try await within(limit) { [subject] in
                try await LocalSocket.ask(at: subject.socket, request, limit: StatusAnswer.limit, within: limit)
            }
            guard !reply.isEmpty else { return DaemonState(error: "it has no time for this user now") }
            let answer = try StatusAnswer(received: reply)
            return DaemonState(status: answer.status, error: answer.error)
        } catch { return DaemonState(error: "\(error)") }
    }

    func service(_ daemon: DaemonState, _ state: ConfigurationState, _ view: ViewState) -> [Finding] {
        guard let status = daemon.status else {
            let why = "it depends on the daemon, which does not answer"
            let isBlind = state.finding.outcome == .skipped
            return [
                Finding(
                    "daemon",
                    isBlind ? .skipped : .failed,
                    daemon.error ?? "it says nothing",
                    advice: ServiceAdvice.noDaemon
                ),
                Finding("collector", .skipped, why), Finding("reports", .skipped, why),
            ]
        }
        return [Self.daemon(status, state), Self.collector(view), Self.reports(status)]
    }

    private static func daemon(_ status: AgentStatus, _ state: ConfigurationState) -> Finding {
        let seen = "\(status.agent) answers"
        if let flaw = status.configurationFlaw {
            let advice = "mend the configuration: the last good one is in use"
            return Finding(
                "daemon",
                .failed,
                "\(seen), and cannot use the newest configuration: \(flaw)",
                advice: advice
            )
        }
        if let scorer = state.scorer, scorer.url != status.scorer {
            return Finding(
                "daemon",
                .warning,
                "\(seen), and reports to \(status.scorer ?? "nobody"), not to \(scorer.url)",
                advice: "systemctl reload postured, or ask the daemon of this configuration (--socket)"
            )
        }
        if let first = status.unwatched.first {
            let advice = "changes there are reported with the next report on the interval"
            return Finding("daemon", .warning, "\(seen), and cannot watch everything: \(first)", advice: advice)
        }
        return Finding("daemon", .ok, seen)
    }

    private static func collector(_ view: ViewState) -> Finding {
        switch view {
        case .seen: Finding("collector", .ok, "it looks at the machine")
        case .unseen(let reason):
            Finding(
                "collector",
                .failed,
                reason,
                advice: "systemctl status postured-collector.socket; \(ServiceAdvice.noCollector)"
            )
        case .tooSoon: Finding("collector", .skipped, "it looks once in ten seconds: ask again in a moment")
        case .nobody: Finding("collector", .skipped, "it depends on the daemon")
        }
    }

    private static func reports(_ status: AgentStatus) -> Finding {
        let next = status.nextReportAt.map { ", next in \(TimeSpan(seconds: $0.seconds(since: status.now)))" } ?? ""
        if let error = status.error {
            let since = status.failingSince.map { " since \($0)" } ?? ""
            let advice = "mend what failed above; the daemon tries again by itself"
            return Finding("reports", .failed, "none arrives\(since)\(next): \(error)", advice: advice)
        }
        guard let answer = status.answer, let at = status.answeredAt else {
            return Finding("reports", .warning, "none has arrived yet\(next)", advice: "sudo postured report")
        }
        let age = TimeSpan(seconds: status.now.seconds(since: at))
        return Finding("reports", .ok, "the last one arrived \(age) ago, with a score of \(answer.score.value)\(next)")
    }
}
