package import PostureModel
package import Reporting

/// What the side with the network sends to the collector: one JSON document, see docs/decisions/0011-two-processes.md.
package struct CollectorRequest: Sendable, Codable {
    /// The version of the request and of the answer.
    ///
    /// Both programs are one file, but an upgrade may come between a daemon and its collector.
    static let version = 4
    /// Bytes of a request: a nonce, a URL and a token.
    package static let limit = 4 * 1024

    private(set) var version = Self.version
    private var type: String
    private var nonce: String?
    private var audience: String?
    private var token: String?
    private var settlement: Settlement?

    /// Asks for a message.
    package init(_ request: SigningRequest, nonce: String, audience: String) {
        type = request.type.rawValue
        (self.nonce, self.audience) = (nonce, audience)
        if case .registration(let token) = request { self.token = token }
    }

    /// Asks what there is to see, and for no signature.
    package static let look = CollectorRequest(type: lookType)

    /// Tells that the scorer took a message, or refused it for good.
    package init(_ settlement: Settlement) {
        type = Self.settlementType
        self.settlement = settlement
    }

    private static let lookType = "look"
    private static let settlementType = "settlement"

    private init(type: String) { self.type = type }

    /// What is asked.
    enum Question: Sendable, Equatable {
        case message(SigningRequest, nonce: String, audience: String)
        case look
        case settlement(Settlement)
    }

    /// What is asked; nil where the type is not known, or something is missing.
    var question: Question? {
        if type == Self.lookType { return .look }
        if type == Self.settlementType { return settlement.map { .settlement($0) } }
        guard let nonce, let audience, let type = MessageType(rawValue: type) else { return nil }
        let request: SigningRequest =
            switch type {
            case .report: .report
            case .registration: .registration(token: token)
            case .ownRecord: .ownRecord
            case .retirement: .retirement
            case .keyReplacement: .keyReplacement
            }
        return .message(request, nonce: nonce, audience: audience)
    }
}
