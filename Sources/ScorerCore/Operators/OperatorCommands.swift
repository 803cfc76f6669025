package import Logging
package import PostureModel
package import ScorerModel
package import ScorerStore

/// The commands of operators, with one set of checks and one audit for the command line and the operators' listener.
///
/// Each topic is an extension in a file of its own. Every change is one transaction with its entry in the audit, and writes a
/// line to the log.
package struct OperatorCommands: Sendable {
    package let store: any ScorerDatabase
    package let logger: Logger
    /// The operator, and by which way: `alice (uid 1000) by command line`.
    package let actor: String
    package let now: Timestamp

    /// Creates the commands of an operator at a moment; the audit names `actor`.
    package init(store: any ScorerDatabase, actor: String, logger: Logger, at now: Timestamp) {
        self.store = store
        self.actor = actor.printable(limit: 256)
        self.logger = logger
        self.now = now
    }

    /// Makes changes with an entry in the audit, and logs them.
    ///
    /// - Throws: ``OperatorError`` if something moved in between.
    func commit(_ changes: [Change], _ action: OperatorAction, _ subject: String, _ detail: String = "") async throws {
        let entry = entry(action, subject, detail)
        guard try await store.commit(changes, audit: entry) == .committed else { throw Self.moved }
        log(action, entry)
    }

    /// Decides from the record of a device, commits with an entry in the audit, and logs it.
    ///
    /// - Throws: ``OperatorError`` if the device is not known, and what `body` throws.
    func decide(
        _ device: DeviceSummary,
        _ action: OperatorAction,
        _ detail: String = "",
        _ body: (DeviceRecord, Snapshot) throws -> [Change]
    ) async throws {
        let entry = entry(action, device.device.rawValue, detail)
        try await decide(from: .init(devices: [device.device])) { snapshot in
            guard let record = snapshot.records[device.device] else { throw Self.unknown(device) }
            return (Commit(try body(record, snapshot), audit: entry), ())
        }
        log(action, entry)
    }

    /// Decides from a snapshot, and commits.
    ///
    /// - Throws: ``OperatorError`` where something moved in between at every attempt, and what `body` throws.
    func decide<Result>(
        attempts: Int = 12,
        from request: Snapshot.Request,
        _ body: (Snapshot) throws -> (commit: Commit?, result: Result)
    ) async throws -> Result {
        do { return try await store.decide(attempts: attempts, from: request, body) } catch is DecisionError {
            throw Self.moved
        }
    }

    /// The record of a device.
    ///
    /// - Throws: ``OperatorError`` if the device is not known.
    func record(of device: DeviceSummary) async throws -> DeviceRecord {
        guard let record = try await store.record(of: device.device) else { throw Self.unknown(device) }
        return record
    }

    static func unknown(_ device: DeviceSummary) -> OperatorError {
        OperatorError(.notFound, "the device \(device.device) is not known; nothing but its blocks is kept")
    }

    static let moved = OperatorError(.conflict, "something else changed it at the same moment: try again")

    /// The entry in the audit for a change.
    func entry(_ action: OperatorAction, _ subject: String, _ detail: String = "") -> AuditEntry {
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
