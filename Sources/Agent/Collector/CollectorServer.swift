internal import ConfigurationFile
package import PostureModel

/// The side with the keys as a process of its own: one request in, one answer out.
///
/// What it looks at is named by root's own files, which it reads itself: nothing in a request chooses a path, a database
/// or a module. It signs for the scorer of those files and for no other.
package struct CollectorServer: Sendable {
    private let path: String
    private let root: String
    private let credentials: String?
    private let keyDirectory: String?
    private let now: @Sendable () -> Timestamp

    /// Creates a collector of the configuration at `path`.
    ///
    /// In `keyDirectory` are the device's key and the last good configuration; nil is for what the configuration says.
    /// `credentials` is the directory of the credentials that systemd gave, if it gave any.
    package init(
        configuration path: String,
        keyDirectory: String?,
        root: String,
        credentials: String?,
        now: @escaping @Sendable () -> Timestamp
    ) {
        (self.path, self.keyDirectory, self.root) = (path, keyDirectory, root)
        (self.credentials, self.now) = (credentials, now)
    }

    /// The answer to a request, whatever it is.
    package func answer(_ request: [UInt8]) async -> [UInt8] {
        let answer: CollectorAnswer
        do {
            answer = try await self.answer(to: try question(in: request))
        } catch let refused as Refused {
            answer = CollectorAnswer(refused.refusal, refused.reason)
        } catch {
            answer = CollectorAnswer(.failed, "\(error)")
        }
        return answer.bytes
    }

    private func question(in bytes: [UInt8]) throws(Refused) -> CollectorRequest.Question {
        guard bytes.count <= CollectorRequest.limit else { throw Refused(.request, "the request is too long") }
        let request: CollectorRequest
        do throws(WireError) { request = try Wire.decode(from: bytes) } catch {
            throw Refused(.request, "the request \(error)")
        }
        guard request.version == CollectorRequest.version, let question = request.question else {
            throw Refused(.version, "the request is of another version: systemctl restart postured")
        }
        return question
    }

    private func answer(to question: CollectorRequest.Question) async throws -> CollectorAnswer {
        let loaded = try LoadedConfiguration(at: path, rememberedIn: keyDirectory, credentials: credentials)
        let flaw = loaded.flaw.map { "\($0)" }
        var configuration = loaded.configuration
        if let keyDirectory { configuration.keyDirectory = keyDirectory }
        switch question {
        case .look:
            let inspector = HostInspector(root: root, configuration: configuration)
            return try CollectorAnswer(try await inspector.look(now), flaw: flaw)
        case .message(let request, let nonce, let audience):
            guard audience == configuration.scorer?.url else {
                let own = configuration.scorer?.url ?? "no scorer"
                throw Refused(.scorer, "signs for '\(own)', as \(path) says, and not for '\(audience)'")
            }
            let collector = try configuration.localCollector(root: root, now: now)
            let collected = try await collector.collect(request, nonce: nonce, audience: audience)
            return CollectorAnswer(collected, flaw: flaw)
        }
    }

    /// Why a request is not answered with what it asks for.
    private struct Refused: Error {
        let refusal: CollectorAnswer.Refusal
        let reason: String

        init(_ refusal: CollectorAnswer.Refusal, _ reason: String) { (self.refusal, self.reason) = (refusal, reason) }
    }
}
