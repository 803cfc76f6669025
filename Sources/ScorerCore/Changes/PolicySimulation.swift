package import PostureModel
internal import ScorerModel
internal import ScorerStore
package import Scoring

/// What a person asks of the scores: why, and what if.
extension Scorer {
    /// What a policy would change, tried on at most `limit` of the stored devices; it changes nothing.
    package func simulate(_ policy: PolicyFile, limit: Int) async throws -> PolicySimulation {
        let now = now()
        try await outageTracker.refresh()
        let context = try await scoringContext(at: now)
        let changes = try await changes(
            from: (context.policy, context.trust),
            to: (policy.policy, context.trust),
            at: now,
            limit: limit
        )
        return PolicySimulation(changes, inForce: context.policy)
    }

    /// Why a device scores what it scores at a moment, line by line, as the device itself gets it.
    ///
    /// - Throws: ``OperatorError`` if no device or more than one is meant.
    package func explanation(of text: String, at time: Timestamp?, now: Timestamp) async throws -> [String] {
        try await outageTracker.refresh()
        let device = try await OperatorCommands(store: store, actor: "", logger: logger, at: now).findDevice(text)
        guard let record = try await scoredDevice(device.device, at: time ?? now) else {
            throw OperatorError(.notFound, "the device \(device.device) has not reported yet")
        }
        let (answer, moment) = (record.answer, time.map { " at \($0)" } ?? "")
        let names = [device.hostname, device.serial].compactMap { $0 }.joined(separator: ", ")
        var lines = ["\(device.device) (\(names)): \(answer.score.value) of 100\(moment)"]
        lines.append("  reported at \(answer.receivedAt), by \(device.agent ?? "an unknown agent")")
        lines += answer.score.lines()
        for claim in try await store.claims(of: device.device) {
            let other = claim.isBound ? "" : ", and bound to another device: posture-scorer devices contested"
            lines.append("  \(claim.identifier.kind) \(claim.identifier.value.printable()) is \(claim.rank)\(other)")
        }
        for change in try await OperatorCommands(store: store, actor: "", logger: logger, at: now).pendingChanges() {
            lines.append("  held, and so perhaps not what is served: \(change)")
        }
        return lines
    }
}

extension Scorer {
    /// Refuses the removal of a trusted CA that would fail too many of the devices that pass now.
    ///
    /// - Throws: ``TrustedCAError`` that says how many.
    package func allowRemoval(ofCA id: String) async throws {
        guard let id = TrustedCAs.id(id) else { return }
        let (impact, isTooMuch) = try await impact(ofRemoving: id, at: now())
        guard isTooMuch else { return }
        throw TrustedCAError(
            .conflict,
            "without this CA \(impact.failing) of the \(impact.passing) devices that pass would fail"
        )
    }
}

/// What a policy would change.
package struct PolicySimulation: Sendable {
    /// For people: a line for each device whose score would be another, and a last one for all of them.
    package let lines: [String]
    /// Whether the change would wait for a confirmation.
    package let isHeld: Bool

    package init(_ changes: [ScoreChange], inForce policy: Policy) {
        var (impact, other, lines) = (Impact(), 0, [String]())
        for change in changes {
            let (before, after) = (change.before.value, change.after.value)
            if before >= policy.passMark {
                impact.passing += 1
                if after < policy.passMark { impact.failing += 1 }
            }
            guard before != after else { continue }
            other += 1
            let report = change.stored.report.report
            let failing = change.after.rules.filter { !$0.outcome.counts && !$0.isWarning }.map(\.rule)
            let why = failing.isEmpty ? "" : ": \(failing.joined(separator: ", "))"
            lines.append("\(report.device)  \(before) -> \(after)\(why)")
        }
        isHeld = impact.isMore(than: policy.holdAbove)
        self.lines =
            lines + [
                "\(changes.count) devices tried: \(other) would score otherwise; of \(impact.passing) that pass (\(policy.passMark)), "
                    + "\(impact.failing) would not\(isHeld ? ": it would be held" : "")"
            ]
    }
}

extension PolicyFile {
    /// What it says, in short, for a person who checks it.
    package var summary: [String] {
        [
            "report every \(duration(Int64(policy.reportInterval))), full for \(duration(policy.freshness.fullFor)), nothing after "
                + duration(policy.freshness.nothingAfter)
        ]
    }
}
