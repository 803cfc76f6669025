internal import Agent
internal import Daemon
internal import PostureModel

extension Text {
    static func status(_ status: AgentStatus) -> String {
        var rows: [(String, String)] = []
        if let answer = status.answer, let at = status.answeredAt {
            rows.append(("score", "\(answer.score.value) of 100, reported \(age(at, status)) ago (\(at))"))
            rows.append(("device", "\(answer.device)"))
        } else {
            rows.append(("score", "none yet: no report has arrived"))
        }
        rows.append(("scorer", status.scorer ?? "none configured"))
        if let error = status.error {
            let since = status.failingSince.map { "for \(age($0, status)), since \($0): " } ?? ""
            rows.append(("cannot report", since + error))
        }
        if let since = status.pendingSince { rows.append(("to be reported", "changes since \(since)")) }
        let next = status.nextReportAt.map { "in \(TimeSpan(seconds: $0.seconds(since: status.now)))" }
        if status.scorer != nil { rows.append(("next report", next ?? "now, on its way")) }
        if let view = status.view { rows.append(("WARP ids", warpIDs(view))) }
        if let flaw = status.configurationFlaw { rows.append(("not in use", "the newest configuration: \(flaw)")) }
        rows += status.unwatched.map { ("not watched", $0) }
        return table(rows)
    }

    static func explanation(_ status: AgentStatus) -> String {
        var lines: [String] = []
        if let answer = status.answer {
            lines.append(score(answer))
            if let at = status.answeredAt { lines.append("as of \(at), \(age(at, status)) ago") }
        } else {
            lines.append("no score yet: no report has arrived")
        }
        if let error = status.error { lines.append("cannot report now: \(error.printable())") }
        if let view = status.view, !view.checks.isEmpty {
            lines += ["", "what this machine sees now:", checks(view.checks)]
        }
        return lines.joined(separator: "\n")
    }

    /// The WARP ids of a view, how old they are, and why there are none.
    private static func warpIDs(_ view: MachineView) -> String {
        switch view.warpIDs {
        case .observed(let ids): "\(ids.ids.joined(separator: ", ")) (\(origin(of: ids, view)))"
        case .notApplicable(let reason): "none: \(reason)"
        case .unreadable(let reason): "cannot be told: \(reason)\(view.warpAdvice.map { ": \($0)" } ?? "")"
        case .notReported: "not reported"
        }
    }

    private static func age(_ moment: Timestamp, _ status: AgentStatus) -> TimeSpan {
        TimeSpan(seconds: status.now.seconds(since: moment))
    }
}
