internal import Logging
internal import PostureModel
package import ScorerModel
internal import ScorerStore

/// Changes that wait for approval.
extension OperatorCommands {
    /// Returns the changes that wait for approval.
    package func pendingChanges() async throws -> [PendingChange] {
        var changes: [PendingChange] = []
        for subject in PendingChange.Subject.allCases {
            if let change = try await store.value(of: .pending(subject)) { changes.append(change) }
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
            let approval = try Setting.approved(change.subject).change(to: change.digest)
            try await commit([approval], .approve, change.subject.rawValue, detail)
        }
        return changes
    }
}

extension OperatorAction {
    static let approve = OperatorAction("change.approve", "pending change approved")
}
