package import Agent
internal import LocalSocket
package import PostureModel
package import Reporting

/// The collector behind a socket: another process, of another user.
package struct CollectorClient: Collector {
    private let path: String
    private let patience: Duration

    /// Names the socket; a hanging PKCS #11 module is the worst that a collector waits for.
    package init(at path: String, patience: Duration = .seconds(60)) { (self.path, self.patience) = (path, patience) }

    /// Asks for a message.
    package func collect(_ request: SigningRequest, nonce: String, audience: String) async throws -> CollectedMessage {
        let answer = try await ask(CollectorRequest(request, nonce: nonce, audience: audience))
        do throws(CollectorAnswer.Flaw) { return try answer.collected(for: request) } catch {
            if error == .retired { throw DeviceRetired() }
            throw error
        }
    }

    /// Tells that the scorer took a message, or refused it for good.
    package func settle(_ settlement: Settlement) async throws { try await ask(CollectorRequest(settlement)).settled() }

    /// Asks what there is to see.
    package func look() async throws -> Sighting { try await ask(.look).sighting() }

    private func ask(_ request: CollectorRequest) async throws -> CollectorAnswer {
        let request = try Wire.encode(request)
        let limit = CollectorAnswer.Limit.answer
        let answer = try await LocalSocket.ask(at: path, request, limit: limit, within: patience)
        guard !answer.isEmpty else { throw NoAnswer(path: path) }
        do throws(CollectorAnswer.Flaw) { return try CollectorAnswer(parsing: answer) } catch {
            if error == .version { throw error }
            throw Unreadable(path: path, flaw: error)
        }
    }

    private struct NoAnswer: Error, CustomStringConvertible {
        let path: String
        var description: String { "\(path): the collector ended without an answer: \(ServiceAdvice.noCollector)" }
    }

    private struct Unreadable: Error, CustomStringConvertible {
        let path: String
        let flaw: CollectorAnswer.Flaw
        var description: String { "\(path): \(flaw)" }
    }
}
