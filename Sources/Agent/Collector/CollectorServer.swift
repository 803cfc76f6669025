internal import ConfigurationFile
package import PostureModel
internal import Reporting

/// The side with the keys as a process of its own: one request in, one answer out.
///
/// What it looks at is named by root's own files, which it reads itself: nothing in a request chooses a path, a database
/// or a module. It signs for the scorer of those files and for no other.
package struct CollectorServer: Sendable {
    private let path: String
    private let root: String
    private let credentials: String?
    private let keyDirectory: String?
    private let permits: PermitDirectory
    private let now: @Sendable () -> Timestamp

    /// Creates a collector of the configuration at `path`.
    ///
    /// In `keyDirectory` are the device's key and the last good configuration; nil is for what the configuration says.
    /// `credentials` is the directory of the credentials that systemd gave, if it gave any. In `permits` root permits what
    /// the side with the network may not ask for by itself.
    package init(
        configuration path: String,
        keyDirectory: String?,
        permits: PermitDirectory = PermitDirectory(),
        root: String,
        credentials: String?,
        now: @escaping @Sendable () -> Timestamp
    ) {
        (self.path, self.keyDirectory, self.root) = (path, keyDirectory, root)
        (self.credentials, self.permits, self.now) = (credentials, permits, now)
    }

    /// The answer to a request, whatever it is.
    package func answer(_ request: [UInt8]) async -> [UInt8] {
        let answer: CollectorAnswer
        do {
            answer = try await self.answer(to: try question(in: request))
        } catch let refused as Refused {
            answer = CollectorAnswer(refused.refusal, refused.reason)
        } catch let retired as DeviceRetired {
            answer = CollectorAnswer(.retired, "\(retired)")
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
            try check(audience, configuration)
            try checkPermit(for: request, KeyDirectory(configuration.keyDirectory))
            let collector = try collector(configuration, for: request)
            let collected = try await collector.collect(request, nonce: nonce, audience: audience)
            return CollectorAnswer(collected, flaw: flaw)
        case .settlement(let settlement):
            try check(settlement.audience, configuration)
            // What is told of a message makes no key.
            try await collector(configuration, for: .retirement).settle(settlement)
            return .settled
        }
    }

    private func collector(_ configuration: AgentConfiguration, for request: SigningRequest) throws -> any Collector {
        try configuration.localCollector(root: root, sender: "the service", for: request, now: now)
    }

    private func check(_ audience: String, _ configuration: AgentConfiguration) throws(Refused) {
        guard audience == configuration.scorer?.url else {
            let own = configuration.scorer?.url ?? "no scorer"
            throw Refused(.scorer, "signs for '\(own)', as \(path) says, and not for '\(audience)'")
        }
    }

    /// What cannot be undone takes root's permit, until it has begun: whoever takes over the daemon does not have it.
    private func checkPermit(for request: SigningRequest, _ keys: KeyDirectory) throws {
        let isBegun =
            switch request {
            case .retirement: try keys.isRetired()
            case .keyReplacement: try keys.hasNewKey()
            case .report, .registration, .ownRecord: true
            }
        guard !isBegun, !permits.permits(request.type) else { return }
        throw Refused(.forbidden, "only root may retire the device or replace its key")
    }

    /// Why a request is not answered with what it asks for.
    private struct Refused: Error {
        let refusal: CollectorAnswer.Refusal
        let reason: String

        init(_ refusal: CollectorAnswer.Refusal, _ reason: String) { (self.refusal, self.reason) = (refusal, reason) }
    }
}
