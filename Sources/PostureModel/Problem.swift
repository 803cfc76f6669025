/// A problem document (RFC 9457): every error of the scorer, and what the agent reads of it.
public struct Problem: Error, Sendable, Equatable, Codable {
    /// The kind of problem, a URI that starts with `urn:postured:problem:`.
    public var type: String
    /// The kind in words.
    public var title: String
    /// The HTTP status.
    public var status: Int
    /// What is wrong this time, and what to do.
    public var detail: String?
    /// The member of the message that is wrong, by its path, such as `facts.boot_id`; where one is.
    public var member: String?
    /// In how many seconds to ask again: the header `Retry-After`, which is not in the document.
    public var retryAfter: Int?

    private enum CodingKeys: String, CodingKey { case type, title, status, detail, member }

    /// Creates a problem of a kind.
    public init(_ kind: Kind, _ detail: String? = nil, member: String? = nil) {
        self.member = member
        self.type = kind.uri
        self.title = kind.title
        self.status = kind.status
        self.detail = detail
    }

    /// Whether this is a problem of that kind.
    public func isOf(_ kind: Kind) -> Bool {
        type == kind.uri
    }

    /// Whether it is one of a scorer's, perhaps of a kind that this version does not know.
    package var isScorers: Bool { type.hasPrefix(Kind.prefix) }

    /// The kinds there are.
    public enum Kind: String, Sendable, CaseIterable {
        case malformed
        case badNonce = "bad-nonce"
        case badSignature = "bad-signature"
        case wrongAudience = "wrong-audience"
        case unsupportedSchema = "unsupported-schema"
        case unknownDevice = "unknown-device"
        case replacedKey = "replaced-key"
        case enrolmentRefused = "enrolment-refused"
        case tooManyDevices = "too-many-devices"
        case tooLarge = "too-large"
        case tooManyRequests = "too-many-requests"
        case headerTooLarge = "header-too-large"
        case timeout
        case methodNotAllowed = "method-not-allowed"
        case forbidden
        case notFound = "not-found"
        case conflict
        case unavailable

        fileprivate static let prefix = "urn:postured:problem:"

        /// The URI of the kind.
        public var uri: String { Self.prefix + rawValue }

        /// The HTTP status that goes with the kind.
        public var status: Int {
            switch self {
            case .malformed, .badNonce, .unsupportedSchema, .tooManyDevices: 400
            case .badSignature, .wrongAudience, .unknownDevice, .replacedKey, .enrolmentRefused, .forbidden: 403
            case .notFound: 404
            case .methodNotAllowed: 405
            case .timeout: 408
            case .conflict: 409
            case .tooLarge: 413
            case .tooManyRequests: 429
            case .headerTooLarge: 431
            case .unavailable: 503
            }
        }

        /// The kind in words.
        public var title: String {
            switch self {
            case .malformed: "the message cannot be read"
            case .badNonce: "the nonce is not good"
            case .badSignature: "the device's signature does not verify"
            case .wrongAudience: "the message is for another scorer"
            case .unsupportedSchema: "the report has a form that this scorer does not read"
            case .unknownDevice: "the device is not registered"
            case .replacedKey: "the device has replaced this key by another one"
            case .enrolmentRefused: "the device may not register"
            case .tooManyDevices: "too many devices in one request"
            case .tooLarge: "the request is too large"
            case .tooManyRequests: "too many requests"
            case .headerTooLarge: "the headers of the request are too large"
            case .timeout: "the request takes too long to arrive"
            case .methodNotAllowed: "the path is not for this method"
            case .forbidden: "forbidden"
            case .notFound: "not found"
            case .conflict: "what is there stands in the way"
            case .unavailable: "the scorer cannot answer now"
            }
        }
    }
}

extension Problem: CustomStringConvertible {
    /// The title and the detail, in one line.
    public var description: String {
        detail.map { "\(title): \($0)" } ?? title
    }
}
