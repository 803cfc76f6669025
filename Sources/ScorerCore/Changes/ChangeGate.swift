internal import Logging
internal import PostureModel
internal import ScorerModel
internal import ScorerStore

/// Holds a value and replaces it only by one that fails few devices, or that an operator has approved.
///
/// A mistake in a policy does not lock out a fleet before an operator has looked at it.
actor ChangeGate<Value: Sendable> {
    /// A value and its digest.
    struct Version: Sendable {
        var digest: String
        var value: Value

        init(digest: String, value: Value) { (self.digest, self.value) = (digest, value) }
    }

    /// What the value is.
    nonisolated let subject: PendingChange.Subject
    /// The value in force.
    private(set) var current: Version
    /// The change that waits for approval; nil if none does.
    private(set) var pending: PendingChange?
    /// The value that waits for approval.
    private(set) var proposed: Value?
    private let store: any DeviceStore & ServiceStore
    private let logger: Logger
    private var isJudging = false

    init(
        _ subject: PendingChange.Subject,
        _ current: Version,
        store: any DeviceStore & ServiceStore,
        logger: Logger
    ) {
        self.subject = subject
        self.current = current
        self.store = store
        self.logger = logger
    }

    /// Considers `candidate` and returns the value that is in force then; reconsiders a pending one only with `again`.
    ///
    /// - Throws: what the store throws; the value in force stays.
    func propose(
        _ candidate: Version,
        again: Bool = false,
        percent: Int,
        at now: Timestamp,
        impact: @Sendable (Value, Value) async throws -> Impact
    ) async throws -> Value {
        if candidate.digest == current.digest {
            if pending != nil { try await remember(nil) }
            return current.value
        }
        guard !isJudging, again || pending?.digest != candidate.digest else { return current.value }
        isJudging = true
        defer { isJudging = false }
        let isApproved = try await store.value(of: .approved(subject)) == candidate.digest
        let impact = isApproved ? Impact() : try await impact(current.value, candidate.value)
        if impact.needsApproval(above: percent) {
            let change = PendingChange(subject: subject, digest: candidate.digest, impact: impact, since: now)
            proposed = candidate.value
            if pending?.digest != candidate.digest { try await hold(change, percent) }
        } else {
            current = candidate
            // An approval is used once.
            if isApproved { _ = try await store.commit([Setting.approved(subject).change(to: nil)]) }
            logger.notice("a change is in force", metadata: ["what": "\(subject)", "approved": "\(isApproved)"])
            try await remember(nil)
        }
        return current.value
    }

    /// Removes a pending change that an earlier scorer left in the store, unless this one has one too.
    func clearStaleHold() async throws {
        if pending == nil { try await remember(nil) }
    }

    private func hold(_ change: PendingChange, _ percent: Int) async throws {
        logger.error(
            "a change waits for approval: the value in force stays until an operator runs 'posture-scorer changes approve'",
            metadata: [
                "what": "\(subject)", "would.fail": "\(change.impact.failing)",
                "of.passing": "\(change.impact.passing)", "approval.above.percent": "\(percent)",
            ]
        )
        try await remember(change)
    }

    private func remember(_ change: PendingChange?) async throws {
        pending = change
        if change == nil { proposed = nil }
        _ = try await store.commit([Setting.pending(subject).change(to: change)])
    }
}
