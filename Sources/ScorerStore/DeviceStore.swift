package import PostureModel
package import ScorerModel

/// Devices: what decisions are made from, and what they change.
///
/// Nothing is decided in a store. A caller loads a snapshot, decides, and commits changes on condition that what they were decided
/// from has not moved.
package protocol DeviceStore: Sendable {
    /// What is known now of devices, identifiers and what lets devices register, all of it at one moment.
    func load(_ request: Snapshot.Request) async throws -> Snapshot

    /// Makes each commit, or nothing of it; they do not depend on each other. What is committed is durable.
    ///
    /// - Returns: what became of each, in their order.
    /// - Throws: an error of the engine; nothing of any commit is made then.
    func commit(_ commits: [Commit]) async throws -> [CommitOutcome]

    /// The keys of a device: the one in force first, and then those that it replaced, the newest first; nil if the device is
    /// not known.
    func keys(of device: DeviceID) async throws -> [JWK]?

    /// The devices that have reported and not retired, in the order of their ids, after one of them, at most `limit`.
    func records(after: DeviceID?, limit: Int) async throws -> [DeviceRecord]
}

extension DeviceStore {
    /// Makes one commit, or nothing of it.
    package func commit(_ changes: [Change], audit: AuditEntry? = nil) async throws -> CommitOutcome {
        try await commit([Commit(changes, audit: audit)]).first ?? .conflict
    }

    /// What is known now of one device; nil if it is not known.
    package func record(of device: DeviceID) async throws -> DeviceRecord? {
        try await load(Snapshot.Request(devices: [device])).records[device]
    }
}
