/// A message with the device's signature on it, ready to be sent.
///
/// Only what holds the device's key makes one.
public struct SignedMessage: Sendable {
    /// The message's kind.
    public let type: MessageType
    /// The JWS in the general JSON serialisation.
    public let bytes: [UInt8]

    /// Creates a message: only by signing it.
    @_spi(Signing)
    public init(type: MessageType, bytes: [UInt8]) {
        self.type = type
        self.bytes = bytes
    }
}

/// What the side with the network asks of the side with the keys.
public enum SigningRequest: Sendable, Equatable {
    /// Look at the machine now, and report; the side with the keys also keeps the receipt that the report shows.
    case report
    /// Ask to be known, with an enrolment token if there is one.
    case registration(token: String?)
    /// Ask for one's own record.
    case ownRecord
    /// Give up the device's keys and identifiers.
    case retirement
    /// Replace the device's key by the new one, which is made if there is none.
    case keyReplacement

    /// The kind of message that answers the request.
    public var type: MessageType {
        switch self {
        case .report: .report
        case .registration: .registration
        case .ownRecord: .ownRecord
        case .retirement: .retirement
        case .keyReplacement: .keyReplacement
        }
    }
}
