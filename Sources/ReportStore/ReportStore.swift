public import PostureModel

/// Devices, their newest reports, and what lets new ones in.
///
/// What it acknowledges is durable.
public protocol ReportStore: OperatorStore {
    /// Makes a device known, if it may be: in one transaction a token's use is taken and the device stored.
    func register(
        _ registration: VerifiedRegistration,
        by authorisation: Authorisation,
        at now: Timestamp
    ) async throws -> RegistrationOutcome

    /// The key of a device; nil if it is not known.
    func key(of device: DeviceID) async throws -> JWK?

    /// Stores a report as the device's newest, and what identifies the device, in one transaction. A report whose
    /// nonce is not newer than the last accepted one's changes nothing.
    func accept(_ report: VerifiedReport, receivedAt: Timestamp) async throws -> AcceptOutcome

    /// The newest report of a device; nil if it has none.
    func newestReport(of device: DeviceID) async throws -> StoredReport?

    /// The newest reports of the devices that hold these identifiers; those that nobody holds, or whose report cannot
    /// be read any more, are left out.
    func reports(holding identifiers: Set<Identifier>) async throws -> [Identifier: StoredReport]

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

/// What lets a device register.
public enum Authorisation: Sendable, Equatable {
    /// An enrolment token, as the base64url of its SHA-256.
    case token(hash: String)
    /// The proof of a certificate, by its SHA-256 in base64url, with which so many devices may register.
    case certificate(fingerprint: String, deviceLimit: Int)
}

/// What became of a registration.
public enum RegistrationOutcome: Sendable, Equatable {
    case registered
    /// The device was known already; nothing changed, and no use of a token was taken.
    case alreadyKnown
    case refused(reason: String)
}

/// What became of a report.
public enum AcceptOutcome: Sendable, Equatable {
    case accepted
    /// A report with this nonce or a newer one was accepted before.
    case stale
    /// The device is not known.
    case unknownDevice
}

/// A report as it was stored.
public struct StoredReport: Sendable, Equatable {
    /// The report with the verdicts of its time.
    public let report: VerifiedReport
    /// When it was received, by the scorer's clock.
    public let receivedAt: Timestamp
    /// Whether a WARP id is bound to the device, by this report or an earlier one.
    public let hasWARPID: Bool

    /// Creates a stored report.
    public init(report: VerifiedReport, receivedAt: Timestamp, hasWARPID: Bool) {
        self.report = report
        self.receivedAt = receivedAt
        self.hasWARPID = hasWARPID
    }
}

/// What Cloudflare may know a device by.
public struct Identifier: Sendable, Hashable {
    /// The kinds of identifier.
    public enum Kind: String, Sendable, Codable {
        case warp, serial
    }

    /// The kind.
    public let kind: Kind
    /// The value, trimmed and in lower case.
    public let value: String

    /// Creates an identifier; nil for a blank one, and for a serial number that is junk.
    public init?(_ kind: Kind, _ value: String) {
        let trimmed = value.trimmed()
        guard !trimmed.isEmpty, trimmed.utf8.count <= 256, trimmed.printable() == trimmed else { return nil }
        if kind == .serial, SerialNumber(trimmed).junkReason != nil { return nil }
        self.kind = kind
        self.value = trimmed.lowercased()
    }
}

/// The devices as a whole, by the age of their newest reports.
public struct Fleet: Sendable, Equatable {
    /// How many devices reported within the last hour.
    public var withinHour = 0
    /// How many did within the last day, and not within the hour.
    public var withinDay = 0
    /// How many did before.
    public var earlier = 0
    /// How many never did.
    public var never = 0
    /// When the newest report was received; nil if there is none.
    public var newest: Timestamp?

    /// Creates a fleet without devices.
    public init() {}

    /// How many devices there are.
    public var devices: Int { withinHour + withinDay + earlier + never }
}
