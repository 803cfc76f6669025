internal import PostureModel

extension Subject {
    /// Every check has a certificate that is known to be on the machine as far as `level`.
    func certificates(atLeast level: ProofLevel) -> Judgement {
        guard !verdicts.isEmpty else {
            return .unknown("the scorer has no certificate check", "add a [[check]] to scorer.toml")
        }
        let failed = verdicts.filter { $0.level < level }
        return failed.isEmpty ? .pass(words(verdicts)) : .fail(words(failed), "see 'postured check' on the machine")
    }

    private func words(_ some: [CheckVerdict]) -> String {
        some.map { verdict in
            let reason = verdict.warning.map { "\(verdict.reason); \($0)" } ?? verdict.reason
            return verdicts.count == 1 ? reason : "\(verdict.id): \(reason)"
        }.joined(separator: "; ")
    }
}
