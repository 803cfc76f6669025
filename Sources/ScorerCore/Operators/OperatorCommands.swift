package import Logging
package import PostureModel
package import ScorerModel
package import ScorerStore

/// What an operator changes, by the command line or on the operators' listener: the same checks, words and audit.
///
/// Every change is one transaction with its entry in the audit, and a line in the log.
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

    /// What can be done, by the audit's word for it.
    package enum Action: String, CaseIterable {
        case addCA = "ca.add"
        case removeCA = "ca.remove"
        case block = "device.block"
        case unblock = "device.unblock"
        case delete = "device.forget"
        case assignClaims = "device.resolve"
        case clearCloneAlarm = "device.unflag"
        case approve = "policy.confirm"
        case waive = "waiver.add"
        case revokeWaiver = "waiver.revoke"
        case importInventory = "inventory.import"
        case createToken = "token.new"
        case revokeToken = "token.revoke"

        /// What the log says.
        package var sentence: Logger.Message {
            switch self {
            case .addCA: "trusted CA added"
            case .removeCA: "trusted CA removed"
            case .block: "device blocked"
            case .unblock: "device unblocked"
            case .delete: "device forgotten"
            case .assignClaims: "what a device claims is its own"
            case .clearCloneAlarm: "a device that looked like two machines is one"
            case .approve: "a change that was held is confirmed"
            case .waive: "rule waived"
            case .revokeWaiver: "waiver revoked"
            case .importInventory: "inventory imported"
            case .createToken: "enrolment token made"
            case .revokeToken: "enrolment token revoked"
            }
        }

        /// The log's name of the subject.
        package var subject: String {
            switch self {
            case .block, .unblock, .delete, .assignClaims, .clearCloneAlarm, .waive, .revokeWaiver: "device"
            default: "subject"
            }
        }
    }

    /// What the audit is to have of a change.
    package func entry(_ action: Action, _ subject: String, _ detail: String = "") -> AuditEntry {
        AuditEntry(at: now, actor: actor, action: action.rawValue, subject: subject, detail: detail)
    }

    /// Logs what was changed.
    package func log(_ action: Action, _ entry: AuditEntry) {
        var metadata: Logger.Metadata = [
            "action": "\(entry.action)", "actor": "\(entry.actor)", action.subject: "\(entry.subject)",
        ]
        if !entry.detail.isEmpty { metadata["detail"] = "\(entry.detail)" }
        logger.notice(action.sentence, metadata: metadata)
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

/// Why something cannot be shown or changed for an operator.
package struct OperatorError: Error, Sendable, Equatable, CustomStringConvertible {
    package let kind: Problem.Kind
    /// A sentence that says what to do.
    package let description: String

    package init(_ kind: Problem.Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    package var problem: Problem { Problem(kind, description) }
}
