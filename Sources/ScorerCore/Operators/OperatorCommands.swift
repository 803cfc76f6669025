package import Logging
package import PostureModel
package import ScorerModel
package import ScorerStore

/// What operators can change, with one set of checks and one audit for the command line and the operators' listener.
///
/// Each topic is an extension in a file of its own. Every change is one transaction with its entry in the audit, and writes a
/// line to the log.
package struct OperatorCommands: Sendable {
    package let store: any ReportStore
    package let logger: Logger
    /// Who it is, and by which way: `alice (uid 1000) by command line`.
    package let actor: String
    package let now: Timestamp

    /// Somebody who changes things at a moment; `actor` is what the audit has of them.
    package init(store: any ReportStore, actor: String, logger: Logger, at now: Timestamp) {
        self.store = store
        self.actor = actor.printable(limit: 256)
        self.logger = logger
        self.now = now
    }

    /// Returns the audit's entry of a change.
    package func entry(_ action: OperatorAction, _ subject: String, _ detail: String = "") -> AuditEntry {
        AuditEntry(at: now, actor: actor, action: action.name, subject: subject, detail: detail)
    }

    /// Logs what was changed.
    package func log(_ action: OperatorAction, _ entry: AuditEntry) {
        var metadata: Logger.Metadata = [
            "action": "\(entry.action)", "actor": "\(entry.actor)", action.subject: "\(entry.subject)",
        ]
        if !entry.detail.isEmpty { metadata["detail"] = "\(entry.detail)" }
        logger.notice(action.message, metadata: metadata)
    }

    /// The reason of a decision: one line of 1 to 500 characters.
    package static func reason(_ text: String) throws(OperatorError) -> String {
        let reason = text.trimmed()
        guard !reason.isEmpty, reason.unicodeScalars.count <= 500, reason.printable() == reason else {
            throw OperatorError(.malformed, "the reason is one line of 1 to 500 printable characters")
        }
        return reason
    }
}
