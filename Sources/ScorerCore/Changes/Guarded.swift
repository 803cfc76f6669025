package import Logging
package import PostureModel
package import ScorerStore

/// What a change would do to the devices that pass now.
package struct Effect: Sendable, Equatable, Codable {
    /// How many of the devices that were looked at pass as things are.
    package var passing = 0
    /// How many of those would not pass any more.
    package var failing = 0

    /// How many devices are never too many: whoever revokes one certificate means to.
    package static let unheld = 4

    /// Whether that is more than so many percent, and not a few.
    package func isMore(than percent: Int) -> Bool { failing > Self.unheld && failing * 100 > passing * percent }
}

/// A change that is held, as the store remembers it for `posture-scorer policy held`.
package struct HeldChange: Sendable, Equatable, Codable {
    /// Which change: the SHA-256 of what is new.
    package var id: String
    /// What it would do.
    package var effect: Effect
    /// Since when it is held.
    package var since: Int64
}

/// A value that is replaced only by one that does not fail too many devices, or that an operator has confirmed.
///
/// So a slip of the pen in a policy, or a list of revocations gone wrong, does not lock a fleet out before somebody has
/// looked at it.
package actor Guarded<Value: Sendable> {
    /// A value and its digest.
    package struct Version: Sendable {
        package var id: String
        package var value: Value
    }

    /// What it is, as in `policy`.
    package nonisolated let name: String
    private(set) var current: Version
    private(set) var held: HeldChange?
    /// The value that is held.
    private(set) var offered: Value?
    private let store: any ReportStore
    private let logger: Logger
    private var isJudging = false

    package init(_ name: String, _ current: Version, store: any ReportStore, logger: Logger) {
        self.name = name
        self.current = current
        self.store = store
        self.logger = logger
    }

    /// The value in force, once `candidate` was considered; one that is held already is considered again if `again`.
    ///
    /// - Throws: what the store throws; the value in force stays.
    package func offer(
        _ candidate: Version,
        again: Bool = false,
        percent: Int,
        at now: Timestamp,
        effect: @Sendable (Value, Value) async throws -> Effect
    ) async throws -> Value {
        if candidate.id == current.id {
            if held != nil { try await remember(nil) }
            return current.value
        }
        guard !isJudging, again || held?.id != candidate.id else { return current.value }
        isJudging = true
        defer { isJudging = false }
        let isConfirmed = try await store.setting("confirmed.\(name)") == candidate.id
        let effect = isConfirmed ? Effect() : try await effect(current.value, candidate.value)
        if effect.isMore(than: percent) {
            let change = HeldChange(id: candidate.id, effect: effect, since: now.microseconds)
            offered = candidate.value
            if held?.id != candidate.id { try await hold(change, percent) }
        } else {
            current = candidate
            // A confirmation is for this once.
            if isConfirmed { try await store.set("confirmed.\(name)", to: nil) }
            logger.notice("a change is in force", metadata: ["what": "\(name)", "confirmed": "\(isConfirmed)"])
            try await remember(nil)
        }
        return current.value
    }

    /// Forgets what a scorer before this one held, unless this one holds it too.
    package func settle() async throws {
        if held == nil { try await remember(nil) }
    }

    private func hold(_ change: HeldChange, _ percent: Int) async throws {
        logger.error(
            """
            a change is held: what was in force stays until an operator runs 'posture-scorer policy confirm'
            """,
            metadata: [
                "what": "\(name)", "would.fail": "\(change.effect.failing)", "of.passing": "\(change.effect.passing)",
                "hold.above.percent": "\(percent)",
            ]
        )
        try await remember(change)
    }

    private func remember(_ change: HeldChange?) async throws {
        held = change
        if change == nil { offered = nil }
        let text = try change.map { String(decoding: try Wire.encode($0), as: UTF8.self) }
        try await store.set("held.\(name)", to: text)
    }
}
