/// What a device says of itself: the payload of a report.
public struct Report: Sendable, Equatable {
    /// The version of this form.
    ///
    /// A scorer accepts this one alone.
    public static let schema = 2

    /// The version of the form that this report has.
    public var schema: Int
    /// The device that reports: a proof made for another device is none for this one.
    public var device: DeviceID
    /// The URL of the scorer that the report is for.
    public var audience: String
    /// The program that made the report, such as `postured/0.1.0`.
    public var agent: String
    /// When the facts were collected, by the machine's own clock.
    public var collectedAt: Timestamp
    /// What the machine is.
    public var facts: Facts
    /// What the agent knows of the ids of the machine's WARP client.
    ///
    /// Unreadable says that there is a client whose ids the agent cannot tell, and not applicable that there is no client.
    public var warpIDs: Observation<WARPIDs>
    /// What each certificate check found.
    public var checks: [CheckFinding]
    /// The receipt of an earlier answer that the agent stored last; nil for none.
    ///
    /// See ``ReportAnswer/receipt``.
    public var receipt: String?

    /// Creates a report in this version's form.
    public init(
        device: DeviceID,
        audience: String,
        agent: String,
        collectedAt: Timestamp,
        facts: Facts,
        warpIDs: Observation<WARPIDs>,
        checks: [CheckFinding],
        receipt: String? = nil
    ) {
        self.schema = Self.schema
        self.device = device
        self.audience = audience
        self.agent = agent
        self.collectedAt = collectedAt
        self.facts = facts
        self.warpIDs = warpIDs
        self.checks = checks
        self.receipt = receipt
    }
}

extension Report: Codable {
    private enum CodingKeys: String, CodingKey {
        case schema, device, audience, agent, facts, checks, receipt
        case collectedAt = "collected_at"
        case warpIDs = "warp_ids"
    }
}

/// What a certificate check found on the machine.
///
/// The scorer judges again from the certificates themselves.
public struct CheckFinding: Sendable, Equatable, Codable {
    /// The id of the check in the agent's configuration.
    public var id: String
    /// The certificate that the check settled on, or why there is none.
    public var certificate: Finding

    /// Creates a finding.
    public init(id: String, certificate: Finding) {
        self.id = id
        self.certificate = certificate
    }

    /// A certificate, its absence, or that nobody could look: three different facts.
    public enum Finding: Sendable, Equatable {
        case found(FoundCertificate)
        case notFound(reason: String)
        case unreadable(reason: String)
    }
}

extension CheckFinding.Finding: Codable {
    private enum Key: String, CodingKey {
        case found
        case notFound = "not_found"
        case unreadable
    }

    /// Reads the wire form.
    public init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Key.self)
        let key = try object.onlyKey("a finding has exactly one of found, not_found, unreadable")
        self =
            switch key {
            case .found: .found(try object.decode(FoundCertificate.self, forKey: key))
            case .notFound: .notFound(reason: try object.decode(String.self, forKey: key))
            case .unreadable: .unreadable(reason: try object.decode(String.self, forKey: key))
            }
    }

    /// Writes the wire form.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        switch self {
        case .found(let certificate): try object.encode(certificate, forKey: .found)
        case .notFound(let reason): try object.encode(reason, forKey: .notFound)
        case .unreadable(let reason): try object.encode(reason, forKey: .unreadable)
        }
    }
}

/// A certificate that a check settled on.
public struct FoundCertificate: Sendable, Equatable {
    /// The SHA-256 of the certificate's DER, base64url.
    public var fingerprint: String
    /// Whether the machine has the certificate's private key.
    public var privateKey: PrivateKeyPresence
    /// Whether others on the machine may read the private key: then the proof that it signed says less.
    public var isKeyShared: Bool
    /// The chain, leaf first, DER: only where there is no proof to carry it (see docs/wire-format.md).
    public var chain: [[UInt8]]

    /// Creates the description of a certificate.
    public init(
        fingerprint: String,
        privateKey: PrivateKeyPresence,
        isKeyShared: Bool = false,
        chain: [[UInt8]] = []
    ) {
        self.fingerprint = fingerprint
        self.privateKey = privateKey
        self.isKeyShared = isKeyShared
        self.chain = chain
    }
}

/// Whether a private key is there, as far as can be seen without asking anybody for a password.
public enum PrivateKeyPresence: Sendable, Equatable {
    /// There is a private key that goes with the certificate.
    case present
    /// There is none.
    case absent
    /// The keys cannot be listed, so nobody knows.
    case unreadable(reason: String)
}

extension FoundCertificate: Codable {
    private enum Key: String, CodingKey {
        case fingerprint = "sha256"
        case privateKey = "private_key"
        case reason = "private_key_unreadable"
        case isKeyShared = "private_key_shared"
        case chain = "x5c"
    }

    /// Reads the wire form.
    public init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Key.self)
        let presence: PrivateKeyPresence
        switch try object.decode(String.self, forKey: .privateKey) {
        case "present": presence = .present
        case "absent": presence = .absent
        default: presence = .unreadable(reason: try object.decodeIfPresent(String.self, forKey: .reason) ?? "")
        }
        let encoded = try object.decodeIfPresent([String].self, forKey: .chain) ?? []
        let chain = encoded.prefix(JWS.Limit.certificates).compactMap(Base64.decode)
        guard chain.count == encoded.count else {
            throw DecodingError.dataCorruptedError(
                forKey: .chain,
                in: object,
                debugDescription: "not base64, or too long"
            )
        }
        self.init(
            fingerprint: try object.decode(String.self, forKey: .fingerprint),
            privateKey: presence,
            isKeyShared: try object.decodeIfPresent(Bool.self, forKey: .isKeyShared) ?? false,
            chain: chain
        )
    }

    /// Writes the wire form.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(fingerprint, forKey: .fingerprint)
        switch privateKey {
        case .present: try object.encode("present", forKey: .privateKey)
        case .absent: try object.encode("absent", forKey: .privateKey)
        case .unreadable(let reason):
            try object.encode("unreadable", forKey: .privateKey)
            try object.encode(reason, forKey: .reason)
        }
        if isKeyShared { try object.encode(true, forKey: .isKeyShared) }
        if !chain.isEmpty { try object.encode(chain.map(Base64.encode), forKey: .chain) }
    }
}
