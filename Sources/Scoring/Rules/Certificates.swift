internal import PostureModel

extension Subject {
    /// Every check has a certificate that is known to be on the machine as far as `level`.
    func certificates(atLeast level: ProofLevel) -> Judgement {
        guard !verdicts.isEmpty else {
            return .unknown("the scorer has no certificate check", "add a [[check]] to scorer.toml")
        }
        let failed = verdicts.filter { $0.level < level }
        let text = (failed.isEmpty ? verdicts : failed).map { verdict in
            let reason = verdict.warning.map { "\(verdict.reason); \($0)" } ?? verdict.reason
            return verdicts.count == 1 ? reason : "\(verdict.id): \(reason)"
        }.joined(separator: "; ")
        return failed.isEmpty ? .pass(text) : .fail(text, "see 'postured check' on the machine")
    }
}
