internal import Logging
internal import PostureModel
internal import ScorerStore

/// Changes that wait for approval.
extension OperatorCommands {
    /// Returns the changes that wait for approval.
    package func pendingChanges() async throws -> [PendingChange] {
        var changes: [PendingChange] = []
        for subject in PendingChange.Subject.allCases {
            guard let text = try await store.setting("held.\(subject)") else { continue }
            changes.append(try Wire.decode(from: Array(text.utf8)))
        }
        return changes
    }

    /// Approves the changes that wait, and returns them.
    ///
    /// - Throws: ``OperatorError`` if none waits.
    package func approveChanges() async throws -> [PendingChange] {
        let changes = try await pendingChanges()
        guard !changes.isEmpty else { throw OperatorError(.notFound, "no change waits for approval") }
        for change in changes {
            let detail = "\(change.impact.failing) of \(change.impact.passing) devices will fail"
            let entry = entry(.approve, change.subject.rawValue, detail)
            try await store.set("confirmed.\(change.subject)", to: change.id, audit: entry)
            log(.approve, entry)
        }
        return changes
    }
}

extension OperatorAction {
    static let approve = OperatorAction("change.approve", "pending change approved")
}
