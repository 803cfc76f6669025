package import ScorerModel

/// Why what was decided is not stored.
package enum DecisionError: Error, Sendable, Equatable {
    /// A report as new is stored already.
    case stale
    /// What the decision was made from moved in between, at every attempt.
    case conflict
}

extension DeviceStore {
    /// Loads a snapshot, decides, and commits what was decided; begins again as long as something moved in between.
    ///
    /// Several that decide about the same thing wait for a random time before they begin again, longer with each attempt.
    /// - Parameters:
    ///   - attempts: How often it begins at most.
    ///   - request: What the decision is made from.
    ///   - body: Decides from a snapshot; a commit of nil changes nothing.
    /// - Returns: what `body` returned of the decision that holds.
    /// - Throws: ``DecisionError``, and what `body` and the store throw; nothing changed then.
    package func decide<Result>(
        attempts: Int = 12,
        from request: Snapshot.Request,
        _ body: (Snapshot) throws -> (commit: Commit?, result: Result)
    ) async throws -> Result {
        for attempt in 0..<attempts {
            if attempt > 0 { try await Task.sleep(for: .milliseconds(Int64.random(in: 0...(1 << min(attempt, 8))))) }
            let decision = try body(try await load(request))
            guard let commit = decision.commit else { return decision.result }
            switch try await self.commit([commit]).first {
            case .committed: return decision.result
            case .stale: throw DecisionError.stale
            case .conflict, nil: continue
            }
        }
        throw DecisionError.conflict
    }
}
