@_spi(Signing) package import PostureModel

/// What the side with the network sends to the collector: one JSON document, see docs/decisions/0011-two-processes.md.
package struct CollectorRequest: Sendable, Codable {
    /// The version of both documents.
    ///
    /// Both programs are one file, but an upgrade may come between a daemon and its collector.
    static let version = 1
    /// Bytes of a request: a nonce, a URL and a token.
    package static let limit = 4 * 1024

    var version = Self.version
    var type: String
    var nonce: String
    var audience: String
    var token: String?

    /// Asks for a message.
    package init(_ request: SigningRequest, nonce: String, audience: String) {
        type = request.type.rawValue
        (self.nonce, self.audience) = (nonce, audience)
        if case .registration(let token) = request { self.token = token }
    }

    var request: SigningRequest? {
        switch MessageType(rawValue: type) {
        case .report: .report
        case .registration: .registration(token: token)
        case .ownRecord: .ownRecord
        case nil: nil
        }
    }
}

/// What the collector answers: a message or why there is none.
package struct CollectorAnswer: Sendable, Codable {
    /// Bytes of an answer: a message of 64 KiB, and twenty candidates of each of sixteen checks to look at.
    package static let limit = 1024 * 1024

    var version = CollectorRequest.version
    var message: String?
    var view: MachineView?
    var flaw: String?
    var error: String?

    init(_ collected: CollectedMessage) {
        message = String(decoding: collected.message.bytes, as: UTF8.self)
        (view, flaw) = (collected.view, collected.flaw)
    }

    init(error: String) { self.error = error }

    /// What was collected for `request`.
    ///
    /// - Throws: ``AgentError`` with the collector's reason.
    package func collected(for request: SigningRequest) throws -> CollectedMessage {
        guard version == CollectorRequest.version else {
            throw AgentError("the collector is of another version: systemctl restart postured")
        }
        guard let message else { throw AgentError("the collector: \(error ?? "no message, and no reason")") }
        let signed = SignedMessage(type: request.type, bytes: Array(message.utf8))
        return CollectedMessage(message: signed, view: view, flaw: flaw)
    }
}
