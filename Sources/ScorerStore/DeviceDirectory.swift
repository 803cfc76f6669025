package import PostureModel
package import ScorerModel

/// Devices as operators list and search them.
package protocol DeviceDirectory: Sendable {
    /// The devices in the order of their ids, after one of them, at most `limit`; with `silentSince`, those that have neither
    /// reported after that moment nor retired.
    func devices(after: DeviceID?, limit: Int, silentSince: Timestamp?) async throws -> [DeviceSummary]

    /// The devices with these ids; those that are not known are left out.
    func devices(_ ids: Set<DeviceID>) async throws -> [DeviceSummary]

    /// The devices whose id begins so, at most `limit`, and those that are blocked and no longer known.
    func devices(idPrefix: String, limit: Int) async throws -> [DeviceSummary]

    /// The devices whose newest report has a name with this key, at most `limit`, with the names of that key; and for a serial
    /// number those whose block names it.
    func devices(named key: String, _ kind: DeviceName.Kind, limit: Int) async throws -> [FoundDevice]

    /// The identifiers that several devices claim, with all claims, by kind and value, at most `limit`.
    func conflicts(limit: Int) async throws -> [ClaimSet]

    /// The notices of these kinds, the newest first, at most `limit`.
    func notices(_ kinds: Set<IdentityNotice.Kind>, limit: Int) async throws -> [IdentityNotice]

    /// How many notices there are of each kind.
    func noticeCounts() async throws -> [IdentityNotice.Kind: Int]

    /// How many identifiers several devices claim, by kind.
    func conflictCounts() async throws -> [Identifier.Kind: Int]

    /// The rows by how they are linked; rows that were not asked about since a moment are left out.
    func linkCounts(askedSince: Timestamp) async throws -> LinkCounts

    /// The devices as a whole, as of `now`, without those that have retired.
    func counts(at now: Timestamp) async throws -> FleetCounts
}
