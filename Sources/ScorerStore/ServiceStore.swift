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

    /// Forgets the rows with the WARP ids `matched`, in whatever case, and remembers rows that matched no device; the newest
    /// 10,000 are kept.
    func remember(_ rows: [UnmatchedDevice], matched: [String]) async throws

    /// The rows whose last question matched no device, newest first.
    func unmatched(limit: Int) async throws -> [UnmatchedDevice]

    /// The newest list of revoked certificates of each issuer.
    func crls() async throws -> [StoredCRL]

    /// Keeps a list of revoked certificates unless that of its issuer is as new or newer.
    ///
    /// - Returns: the list that is kept then.
    func keep(_ crl: StoredCRL) async throws -> StoredCRL

    /// The text that is kept under a name; nil if there is none.
    func settingText(_ name: String) async throws -> String?
}

/// Everything that a scorer needs of a store.
///
/// What an engine's target declares is held by `StoreConformance`.
package protocol ScorerDatabase: DeviceStore, DeviceDirectory, DecisionStore, ServiceStore {}
