package import PostureModel
package import ScorerModel

/// Devices as operators list and search them.
package protocol DeviceDirectory: Sendable {
    /// The devices in the order of their ids, after one of them, at most `limit`; with `silentSince`, those that have not
    /// reported after that moment.
    func devices(after: DeviceID?, limit: Int, silentSince: Timestamp?) async throws -> [DeviceSummary]

    /// The devices with these ids; those that are not known are left out.
    func devices(_ ids: Set<DeviceID>) async throws -> [DeviceSummary]

    /// The devices whose id begins so, at most `limit`, and those that are blocked and no longer known.
    func devices(idPrefix: String, limit: Int) async throws -> [DeviceSummary]

    /// The devices whose newest report has a name with this key, at most `limit`, with the names of that key; and for a serial
    /// number those whose block names it.
    func devices(named key: String, _ kind: DeviceName.Kind, limit: Int) async throws -> [FoundDevice]

    /// The identifiers that several devices claim, at most `limit`.
    func conflicts(limit: Int) async throws -> [ClaimSet]

    /// The devices with a clone alarm, the newest alarm first, at most `limit`.
    func clones(limit: Int) async throws -> [DeviceSummary]

    /// The devices as a whole, as of `now`.
    func counts(at now: Timestamp) async throws -> FleetCounts
}
