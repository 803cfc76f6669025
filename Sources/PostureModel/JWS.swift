/// A JWS in the general JSON serialisation (RFC 7515 §7.2.1): one payload, several signatures.
///
/// Nothing of it is verified.
public struct JWS: Sendable {
    /// The payload as it stands on the wire, in base64url: what signatures are made over.
    public let encodedPayload: String
    /// The payload's bytes.
    public let payload: [UInt8]
    /// The signatures, at least one.
    public let signatures: [Signature]

    /// One signature with its headers.
    public struct Signature: Sendable {
        /// The protected header as it stands on the wire, in base64url.
        public let encodedHeader: String
        /// The protected header.
        public let header: ProtectedHeader
        /// The certificate chain of the unprotected header, leaf first, DER.
        public let certificates: [[UInt8]]
        /// The signature's bytes.
        public let bytes: [UInt8]

        /// Creates a signature from its header as encoded, its chain and its bytes.
        public init(header: ProtectedHeader, encodedHeader: String, certificates: [[UInt8]], bytes: [UInt8]) {
            self.encodedHeader = encodedHeader
            self.header = header
            self.certificates = certificates
            self.bytes = bytes
        }
    }

    /// The bounds of what is read; beyond them a message is malformed.
    public enum Limit {
        /// Bytes of a whole message.
        public static let message = 64 * 1024
        /// Signatures of one message.
        public static let signatures = 17
        /// Certificates of one signature.
        public static let certificates = 10
    }

    /// Creates a message from its parts.
    public init(encodedPayload: String, payload: [UInt8], signatures: [Signature]) {
        self.encodedPayload = encodedPayload
        self.payload = payload
        self.signatures = signatures
    }

    /// What one signature is made over: `ASCII(header) || '.' || ASCII(payload)` (RFC 7515 §5.1).
    public static func signingInput(encodedHeader: String, encodedPayload: String) -> [UInt8] {
        [UInt8](encodedHeader.utf8) + [UInt8(ascii: ".")] + [UInt8](encodedPayload.utf8)
    }
}

/// The protected header of every signature of ours.
public struct ProtectedHeader: Sendable, Codable, Equatable {
    /// The algorithm.
    public var alg: SignatureAlgorithm
    /// What kind of message this is.
    public var typ: MessageType
    /// Where the message is sent: the audience and the path, as in ACME (RFC 8555 §6.4).
    public var url: String
    /// The scorer's nonce (RFC 8555 §6.5).
    public var nonce: String
    /// `device`, or the id of the check that this signature is the proof of.
    public var role: String
    /// The device's id; in the device's signature of all but a registration.
    public var kid: String?
    /// The device's key in its signature of a registration, and the new key in its own signature of a key replacement.
    public var jwk: JWK?
    /// The SHA-256 of the certificate whose key signed, base64url (RFC 7515 §4.1.8); in a proof.
    public var x5t: String?

    /// The role of the device's own signature.
    ///
    /// No check may have this id.
    public static let deviceRole = "device"
    /// The role of the new key's signature in a key replacement.
    ///
    /// No check may have this id either.
    public static let newKeyRole = "new-device-key"

    /// Creates a header.
    public init(
        alg: SignatureAlgorithm,
        typ: MessageType,
        url: String,
        nonce: String,
        role: String,
        kid: String? = nil,
        jwk: JWK? = nil,
        x5t: String? = nil
    ) {
        self.alg = alg
        self.typ = typ
        self.url = url
        self.nonce = nonce
        self.role = role
        self.kid = kid
        self.jwk = jwk
        self.x5t = x5t
    }

    private enum CodingKeys: String, CodingKey {
        case alg, typ, url, nonce, role, kid, jwk
        case x5t = "x5t#S256"
    }
}

/// The kinds of message that a device signs: the `typ` of its headers.
public enum MessageType: String, Sendable, Codable {
    /// A report, to `/v1/reports`.
    case report = "postured-report+jws"
    /// A registration, to `/v1/devices`.
    case registration = "postured-registration+jws"
    /// A look at one's own record, to `/v1/devices/self`: POST-as-GET with an empty payload (RFC 8555 §6.3).
    case ownRecord = "postured-own-record+jws"
    /// A retirement, to `/v1/devices/self/retirement`.
    case retirement = "postured-retirement+jws"
    /// A key replacement, to `/v1/devices/self/key`.
    case keyReplacement = "postured-key-replacement+jws"

    /// The path under the scorer's URL that takes this kind of message.
    public var path: String {
        switch self {
        case .report: "/v1/reports"
        case .registration: "/v1/devices"
        case .ownRecord: "/v1/devices/self"
        case .retirement: "/v1/devices/self/retirement"
        case .keyReplacement: "/v1/devices/self/key"
        }
    }
}
