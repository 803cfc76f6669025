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
    package func answer(_ bytes: [UInt8]) async -> [UInt8] {
        let answer: CollectorAnswer
        do { answer = CollectorAnswer(try await collected(bytes)) } catch {
            answer = CollectorAnswer(error: "\(error)".printable())
        }
        // What encodes everywhere else encodes here.
        return (try? Wire.encode(answer)) ?? []
    }

    private func collected(_ bytes: [UInt8]) async throws -> CollectedMessage {
        guard bytes.count <= CollectorRequest.limit else { throw AgentError("the request is too long") }
        let request: CollectorRequest
        do { request = try Wire.decode(from: bytes) } catch { throw AgentError("the request \(error)") }
        guard request.version == CollectorRequest.version, let signing = request.request else {
            throw AgentError("the request is of another version: systemctl restart postured")
        }
        let loaded = try LoadedConfiguration(at: path, rememberedIn: keyDirectory, credentials: credentials)
        var configuration = loaded.configuration
        if let keyDirectory { configuration.keyDirectory = keyDirectory }
        guard request.audience == configuration.scorer?.url else {
            throw AgentError(
                "signs for '\(configuration.scorer?.url ?? "no scorer")', as \(path) says, and not for '\(request.audience)'"
            )
        }
        let source = try configuration.source(root: root, now: now)
        let collected = try await source.collect(signing, nonce: request.nonce, audience: request.audience)
        return CollectedMessage(message: collected.message, view: collected.view, flaw: loaded.flaw.map { "\($0)" })
    }
}
