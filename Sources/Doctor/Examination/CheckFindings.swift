internal import Agent
internal import Synchronization

/// What the certificate checks come to.
extension Examination {
    /// As the daemon sees them, since that is what counts; by a look of our own where there is no daemon.
    func checks(_ configuration: AgentConfiguration?, _ view: ViewState) async -> [Finding] {
        if case .seen(let view) = view { return Self.findings(view.checks) }
        guard let configuration else {
            return [Finding("checks", .skipped, "cannot read the configuration, and the daemon is not running")]
        }
        let seen = Mutex<[CheckSummary]>([])
        do {
            let results = try await within(.seconds(30)) { [subject, now] in
                try await HostInspector(root: subject.root, configuration: configuration).runChecks(at: now()) {
                    result in
                    seen.withLock { $0.append(CheckSummary(result)) }
                }
            }
            return own(results.map(CheckSummary.init), configuration)
        } catch {
            // One that takes too long takes nothing from those before it.
            let done = seen.withLock { $0 }
            let rest = configuration.checks.dropFirst(done.count).map { check in
                Finding("check-\(check.id)", .failed, "nobody could look: \(error)", advice: "postured check says more")
            }
            return own(done, configuration) + rest
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

    /// What this user's own look came to: a check that failed, and that has a file which this user may not read, says so.
    private func own(_ checks: [CheckSummary], _ configuration: AgentConfiguration) -> [Finding] {
        if checks.isEmpty { return configuration.checks.isEmpty ? Self.findings([]) : [] }
        return zip(Self.findings(checks), checks).map { finding, summary in
            let check = configuration.checks.first { $0.id == summary.id }
            guard !isRoot, finding.outcome == .failed, check?.files.contains(where: Self.isRefused) == true else {
                return finding
            }
            return Finding(finding.name, .skipped, finding.seen, advice: "ask as root: sudo postured doctor")
        }
    }

    private static func isRefused(_ path: String) -> Bool { refusal(toRead: path) != nil }
}

extension CertificateCheck {
    /// What is read at every look.
    fileprivate var files: [String] {
        switch source {
        case .database(let path, _): ["\(path)/cert9.db", "\(path)/key4.db"] + crls
        case .files(let certificate, let key): [certificate, key] + crls
        }
    }
}
