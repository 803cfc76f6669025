package import PostureModel
package import ScorerModel

/// Devices, their newest reports, and what lets new ones in.
///
/// What it acknowledges is durable.
package protocol ReportStore: OperatorStore {
    /// Makes a device known, if it may be: in one transaction a token's use is taken and the device stored.
    func register(
        _ registration: VerifiedRegistration,
        by authorisation: Authorisation,
        at now: Timestamp
    ) async throws -> RegistrationOutcome

    /// The key of a device; nil if it is not known.
    func key(of device: DeviceID) async throws -> JWK?

    /// Stores a report as the device's newest, what identifies the device, and since when the rules that are `failing` by what
    /// is known of it have been, in one transaction. A report whose nonce is not newer than the last accepted one's changes
    /// nothing.
    func accept(
        _ report: VerifiedReport,
        receivedAt: Timestamp,
        failing: @escaping @Sendable (StoredStanding) -> Set<String>
    ) async throws -> AcceptOutcome

    /// The newest report of a device; nil if it has none.
    func newestReport(of device: DeviceID) async throws -> StoredReport?

    /// The newest reports of the devices that claim these identifiers: the one that each is bound to first, and at most
    /// `Claim.shownLimit` of each. Those that nobody claims, or whose report cannot be read any more, are left out.
    func reports(claiming identifiers: Set<Identifier>) async throws -> [Identifier: [StoredReport]]

    /// The newest reports in the order of the devices' ids, after one of them, at most `limit`.
    func reports(after: DeviceID?, limit: Int) async throws -> [StoredReport]

    /// Takes everything that a device claims for rightful; unless `force`, only where no other device's claim to any of it is
    /// carried by a certificate or better.
    func resolve(_ device: DeviceID, force: Bool, audit: AuditEntry) async throws -> ResolveOutcome

    /// Forgets that a device looked like two machines.
    ///
    /// - Returns: whether it did.
    func unflag(_ device: DeviceID, audit: AuditEntry) async throws -> Bool

    /// What a device claims.
    func claims(of device: DeviceID) async throws -> [HeldClaim]

    /// The identifiers that several devices claim, each with its claimants, that which it is bound to first; at most `limit`.
    func contested(limit: Int) async throws -> [Contest]

    /// The devices that look like two machines with one key.
    func clones(limit: Int) async throws -> [DeviceID]

    /// Notes that the scorer receives, and since when it had not if there was a gap of more than `tolerance` seconds.
    ///
    /// - Returns: the times of the last year in which it was not receiving.
    func beat(at now: Timestamp, tolerance: Int64) async throws -> [Outage]

    /// When the scorer last noted that it receives; nil if it never did.
    func lastBeat() async throws -> Timestamp?

    /// The times of the last year in which the scorer was not receiving.
    func outages() async throws -> [Outage]

    /// Remembers devices that Cloudflare asked about and nobody knows; the newest 10,000 are kept.
    func remember(_ strangers: [Stranger]) async throws

    /// The devices that Cloudflare asked about and nobody knows, newest first.
    func strangers(limit: Int) async throws -> [Stranger]

    /// What was kept under a name; nil if nothing was.
    func setting(_ name: String) async throws -> String?

    /// Keeps a text under a name, or forgets it; with an entry in the audit where an operator decided it.
    func set(_ name: String, to text: String?, audit: AuditEntry?) async throws

    /// The devices as a whole, as of `now`.
    func fleet(at now: Timestamp) async throws -> Fleet

    /// Stores an enrolment token.
    func add(_ token: StoredToken, audit: AuditEntry) async throws

    /// The enrolment tokens, newest first.
    func tokens() async throws -> [StoredToken]

    /// The keys that nonces are authenticated with, newest first.
    func nonceKeys() async throws -> [NonceKey]

    /// Adds a nonce key and forgets those made before `deadline`.
    func add(_ key: NonceKey, forgettingBefore deadline: Timestamp) async throws

    /// Adds a trusted CA, unless there is one with its certificates, or there are `limit` CAs: in one transaction.
    func add(_ authority: StoredAuthority, limit: Int, audit: AuditEntry) async throws -> AuthorityOutcome

    /// The trusted CAs, oldest first.
    func authorities() async throws -> [StoredAuthority]

    /// The trusted CAs with these ids; those that there are not are left out.
    func authorities(_ ids: Set<String>) async throws -> [StoredAuthority]

    /// Removes a trusted CA.
    ///
    /// - Returns: what was removed; nil if there was none with this id.
    func removeAuthority(_ id: String, audit: AuditEntry) async throws -> StoredAuthority?
}

extension ReportStore {
    /// Keeps a text under a name, or forgets it: the scorer's own doing.
    package func set(_ name: String, to text: String?) async throws { try await set(name, to: text, audit: nil) }
}
