internal import Agent
internal import Synchronization

/// What the certificate checks come to.
extension Examination {
    /// As the daemon sees them, since that is what counts; by a look of our own where there is no daemon.
    func checks(_ configuration: AgentConfiguration?, _ view: ViewState) async -> [Finding] {
        if case .seen(let view) = view { return Self.findings(view.checks) }
        guard let configuration else {
            return [Finding("checks", .skipped, "neither the configuration nor what the daemon sees is to be had")]
        }
        let seen = Mutex<[CheckSummary]>([])
        do {
            let results = try await within(.seconds(30)) { [subject, now] in
                try await HostInspector(root: subject.root, configuration: configuration).runChecks(at: now()) {
                    result in
                    seen.withLock { $0.append(CheckSummary(result)) }
                }
            }
            return Self.findings(results.map(CheckSummary.init)).map(orAsRoot)
        } catch {
            // One that takes too long takes nothing from those before it.
            let done = seen.withLock { $0 }
            let rest = configuration.checks.dropFirst(done.count).map { check in
                Finding("check-\(check.id)", .failed, "nobody could look: \(error)", advice: "postured check says more")
            }
            return (done.isEmpty ? [] : Self.findings(done).map(orAsRoot)) + rest
        }
    }

    private static func findings(_ checks: [CheckSummary]) -> [Finding] {
        guard !checks.isEmpty else {
            return [
                Finding(
                    "checks",
                    .warning,
                    "the configuration has no [[check]]",
                    advice: "add one, or the scorer has no proof"
                )
            ]
        }
        return checks.map { check in
            let name = "check-\(check.id)"
            guard check.outcome == .pass else {
                return Finding(
                    name,
                    .failed,
                    check.reason,
                    advice: "postured check shows every certificate that was looked at"
                )
            }
            guard !check.warnings.isEmpty else { return Finding(name, .ok, check.reason) }
            return Finding(name, .warning, check.reason, advice: check.warnings.joined(separator: "; "))
        }
    }

    /// What failed only because this user may not look says so.
    private func orAsRoot(_ finding: Finding) -> Finding {
        guard !isRoot, finding.outcome == .failed, finding.seen.contains("ermission denied") else { return finding }
        return Finding(finding.name, .skipped, finding.seen, advice: "ask as root: sudo postured doctor")
    }
}
