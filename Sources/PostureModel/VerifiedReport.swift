/// A report whose device signature, nonce and audience were verified, with the scorer's own judgement of its
/// certificates.
///
/// The facts in it remain what the machine's root says.
///
/// Only `Verification` makes one from what came over the wire, and the store from what it stored; a script checks
/// who imports the SPI.
public struct VerifiedReport: Sendable, Equatable {
    /// What the device says.
    public let report: Report
    /// The payload that the device signed, as it was received: `report` is read from it.
    public let payload: [UInt8]
    /// The scorer's verdict for each of its own checks.
    public let checks: [CheckVerdict]
    /// When the nonce was issued: what orders the reports of one device.
    public let nonceIssuedAt: Timestamp

    /// Creates a verified report: only after verifying it, or reading it back from the store.
    @_spi(Verifying)
    public init(report: Report, payload: [UInt8], checks: [CheckVerdict], nonceIssuedAt: Timestamp) {
        self.report = report
        self.payload = payload
        self.checks = checks
        self.nonceIssuedAt = nonceIssuedAt
    }
}

/// A registration whose signature was verified with the key that it brings.
public struct VerifiedRegistration: Sendable, Equatable {
    /// The device's id.
    public let device: DeviceID
    /// The device's key.
    public let key: JWK
    /// The enrolment token that came along; whether it is good is the store's to say.
    public let token: String?
    /// The SHA-256, base64url, of the certificate of one of the scorer's checks that signed the registration too; nil
    /// if none did.
    public let provenCertificate: String?

    /// Creates a verified registration: only after verifying it.
    @_spi(Verifying)
    public init(device: DeviceID, key: JWK, token: String?, provenCertificate: String?) {
        self.device = device
        self.key = key
        self.token = token
        self.provenCertificate = provenCertificate
    }
}

/// A retirement that was verified with the device's key.
public struct VerifiedRetirement: Sendable, Equatable {
    /// The device that retires.
    public let device: DeviceID
    /// The receipt that the message shows; nil for none.
    public let receipt: String?

    /// Creates a verified retirement: only after verifying it.
    @_spi(Verifying)
    public init(device: DeviceID, receipt: String?) { (self.device, self.receipt) = (device, receipt) }
}

/// A key replacement that was verified with both keys.
public struct VerifiedKeyReplacement: Sendable, Equatable {
    /// The device, whose id stays.
    public let device: DeviceID
    /// The key that signed as the device's own.
    public let oldKey: JWK
    /// The new key, which signed too.
    public let newKey: JWK
    /// The SHA-256 thumbprint of the new key in base64url (RFC 7638).
    public let newThumbprint: String
    /// The receipt that the message shows; nil for none.
    public let receipt: String?

    /// Creates a verified key replacement: only after verifying it.
    @_spi(Verifying)
    public init(device: DeviceID, oldKey: JWK, newKey: JWK, newThumbprint: String, receipt: String?) {
        (self.device, self.oldKey, self.newKey, self.newThumbprint) = (device, oldKey, newKey, newThumbprint)
        self.receipt = receipt
    }
}

/// How far a certificate is known to be on the machine, from least to most.
public enum ProofLevel: String, Sendable, Codable, Comparable, CaseIterable {
    /// No valid certificate.
    case none
    /// A valid certificate; nothing says that its key is there.
    case certificateOnly = "certificate_only"
    /// A valid certificate, and the machine says that it has the key.
    case keyPresent = "key_present"
    /// A valid certificate whose key signed this report.
    case proven

    /// Whether one comes before the other.
    public static func < (left: ProofLevel, right: ProofLevel) -> Bool {
        let order = allCases
        return (order.firstIndex(of: left) ?? 0) < (order.firstIndex(of: right) ?? 0)
    }
}

/// The scorer's judgement of one certificate check.
public struct CheckVerdict: Sendable, Equatable, Codable {
    /// The id of the check.
    public var id: String
    /// How far the certificate is proven.
    public var level: ProofLevel
    /// The SHA-256 of the certificate's public key (`SubjectPublicKeyInfo`), base64url; nil without a certificate whose chain
    /// ends at a trusted CA, whatever its age.
    public var key: String?
    /// Whether this key signed the report, the chain ends at a trusted CA, and none of it is known to be revoked.
    ///
    /// An expired certificate proves too, though its level is ``ProofLevel/none``.
    public var proves: Bool
    /// Why it is not proven, or what was proven: a sentence for a person.
    public var reason: String
    /// The reason for machines, such as `expired`; nil where the certificate is valid and proven.
    public var code: String?
    /// Whether a certificate of the chain is known to be revoked.
    package var isRevoked: Bool { code == "revoked" }
    /// The SHA-256 of the trusted CA that the chain ends at, base64url; nil without a valid chain.
    public var anchor: String?
    /// What each certificate of the chain but the anchor is revoked by, leaf first.
    public var chain: [ChainLink]
    /// The moment after which some certificate of the chain is no longer valid.
    public var holdsUntil: Timestamp?
    /// The identifiers of the machine that the certificate's names hold, by the names of their variables, such as
    /// `serial_number`: what the CA says, and not only the machine.
    public var bound: [String: String]
    /// What will soon be wrong, such as an expiry: a sentence.
    public var warning: String?
    /// The common name of the certificate; nil where it is not valid, or has none.
    public var commonName: String?

    /// Creates a verdict.
    public init(
        id: String,
        level: ProofLevel,
        key: String? = nil,
        proves: Bool = false,
        reason: String,
        code: String? = nil,
        anchor: String? = nil,
        chain: [ChainLink] = [],
        holdsUntil: Timestamp? = nil,
        bound: [String: String] = [:],
        warning: String? = nil,
        commonName: String? = nil
    ) {
        self.id = id
        self.level = level
        self.key = key
        self.proves = proves
        self.reason = reason
        self.code = code
        self.anchor = anchor
        self.chain = chain
        self.holdsUntil = holdsUntil
        self.bound = bound
        self.warning = warning
        self.commonName = commonName
    }

    private enum CodingKeys: String, CodingKey {
        case id, level, key, proves, reason, code, anchor, chain, bound, warning
        case holdsUntil = "holds_until"
        case commonName = "common_name"
    }
}

/// One certificate of a chain as a CRL names it: by its issuer and its serial number.
public struct ChainLink: Sendable, Hashable, Codable {
    /// The SHA-256 of the issuer's public key (`SubjectPublicKeyInfo`), base64url.
    public var issuerKey: String
    /// The serial number in hexadecimal.
    public var serialNumber: String

    /// Creates a link.
    public init(issuerKey: String, serialNumber: String) {
        self.issuerKey = issuerKey
        self.serialNumber = serialNumber
    }

    private enum CodingKeys: String, CodingKey {
        case issuerKey = "issuer_key"
        case serialNumber = "serial_number"
    }
}
