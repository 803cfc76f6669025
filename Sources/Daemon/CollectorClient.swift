package import Agent
internal import LocalSocket
package import PostureModel

/// The collector behind a socket: another process, of another user.
package struct CollectorClient: Collecting {
    private let path: String
    /// A hanging PKCS #11 module is the worst that a collector waits for.
    private static let patience = Duration.seconds(60)

    /// Names the socket.
    package init(at path: String) { self.path = path }

    /// Asks for a message.
    package func collect(_ request: SigningRequest, nonce: String, audience: String) async throws -> CollectedMessage {
        let bytes = try Wire.encode(CollectorRequest(request, nonce: nonce, audience: audience))
        let reply = try await ask(at: path, bytes, limit: CollectorAnswer.limit, within: Self.patience)
        guard !reply.isEmpty else { throw NoAnswer(path: path) }
        let answer: CollectorAnswer
        do { answer = try Wire.decode(from: reply) } catch { throw Unreadable(path: path, reason: "\(error)") }
        return try answer.collected(for: request)
    }

    private struct NoAnswer: Error, CustomStringConvertible {
        let path: String
        var description: String { "\(path): the collector ended without an answer: \(ServiceAdvice.noCollector)" }
    }

    private struct Unreadable: Error, CustomStringConvertible {
        let path: String
        let reason: String
        var description: String { "\(path): the collector's answer \(reason)" }
    }
}
