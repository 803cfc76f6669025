package import PostureModel
package import ScorerModel

/// What scorers keep for themselves.
package protocol ServiceStore: Sendable {
    /// Notes that a scorer receives, and since when none did if there was a gap of more than `tolerance` seconds.
    ///
    /// - Returns: the outages of the last year.
    func beat(at now: Timestamp, tolerance: Int64) async throws -> [Outage]

    /// When a scorer last noted that it receives; nil if none ever did.
    func lastBeat() async throws -> Timestamp?

    /// The outages of the last year.
    func outages() async throws -> [Outage]

    /// The keys that nonces are authenticated with, newest first.
    func nonceKeys() async throws -> [NonceKey]

    /// Adds a nonce key, and deletes those made before `deadline`.
    func add(_ key: NonceKey, deletingBefore deadline: Timestamp) async throws

    /// Remembers rows that matched no device; the newest 10,000 are kept.
    func remember(_ rows: [UnmatchedDevice]) async throws

    /// The rows that matched no device, newest first, but for those whose WARP id a device has claimed since.
    func unmatched(limit: Int) async throws -> [UnmatchedDevice]

    /// The text that is kept under a name; nil if there is none.
    func settingText(_ name: String) async throws -> String?
}

/// Everything that a scorer needs of a store.
///
/// What an engine's target declares is held by `StoreConformance`.
package protocol ScorerDatabase: DeviceStore, DeviceDirectory, DecisionStore, ServiceStore {}
