internal import ConfigurationFile
internal import Glibc
package import PostureModel
package import Reporting

extension AgentConfiguration {
    /// The side with the keys, in this process, which makes the device's key if there is none and a message needs it.
    ///
    /// `sender` names who sends what is signed: a service, or this process if it is nil. Where the first `request` is for
    /// a device that has reported, no key is made.
    ///
    /// - Throws: an error that says what to do, where the device's key cannot be had.
    package func localCollector(
        root: String,
        sender: String? = nil,
        for request: SigningRequest = .report,
        now: @escaping @Sendable () -> Timestamp
    ) throws -> any Collector {
        let keys = KeyDirectory(keyDirectory)
        if request != .retirement, request != .keyReplacement { try keys.locked { _ = try keys.contents() } }
        return LocalCollector(
            inspector: HostInspector(root: root, configuration: self),
            configuration: self,
            keys: keys,
            sender: sender ?? "process \(getpid())",
            now: now
        )
    }

    /// The delivery of what `collector` signs to the scorer that the configuration names.
    ///
    /// `warn` gets a sentence where something about the delivery is not as it should be, and it works all the same.
    ///
    /// - Throws: an error that says what to do, where no scorer is configured.
    package func delivery(
        from collector: any Collector,
        now: @escaping @Sendable () -> Timestamp,
        warn: @escaping @Sendable (String) -> Void
    ) throws -> Delivery {
        guard let scorer else {
            throw AgentError("no scorer is configured: set scorer.url in postured.toml")
        }
        return scorer.delivery(from: collector, now: now, warn: warn)
    }
}

extension AgentConfiguration.Scorer {
    /// The delivery of what `collector` signs to this scorer.
    package func delivery(
        from collector: any Collector,
        now: @escaping @Sendable () -> Timestamp,
        warn: @escaping @Sendable (String) -> Void
    ) -> Delivery {
        let token = EnrolmentToken(enrolmentToken, warn: warn)
        return Delivery(
            to: client(now: now),
            signing: { try await collector.collect($0, nonce: $1, audience: $2).message },
            settling: { try await collector.settle($0) },
            enrolmentToken: { try token.text() },
            whenKnown: { token.discard() },
            warn: warn
        )
    }

    /// What asks this scorer, and whatever stands before it, for a person's sake; each question takes so many seconds at
    /// most.
    package func probe(seconds: Int) -> ScorerProbe {
        ScorerProbe(
            url: url,
            caFile: caFile,
            pins: pins,
            proxy: proxy,
            userAgent: "postured-doctor/\(Version.text)",
            seconds: seconds,
            serviceToken: { [serviceToken] in try serviceToken?.serviceToken() }
        )
    }

    /// Why the service token cannot be used, with nothing of it; nil where it can, and where there is none.
    package var serviceTokenFlaw: String? {
        do {
            _ = try serviceToken?.serviceToken()
            return nil
        } catch { return "\(error)" }
    }

    /// The client that speaks to this scorer.
    package func client(now: @escaping @Sendable () -> Timestamp) -> ScorerClient {
        ScorerClient(
            audience: url,
            caFile: caFile,
            pins: pins,
            proxy: proxy,
            userAgent: "postured/\(Version.text)",
            serviceToken: { [serviceToken] in try serviceToken?.serviceToken() },
            now: now
        )
    }
}

extension Secret {
    /// The service token that the secret is.
    fileprivate func serviceToken() throws -> ServiceToken {
        guard let text = try text() else { throw AgentError("\(self): there is no service token") }
        do throws(ServiceToken.Flaw) { return try ServiceToken(parsing: text) } catch {
            throw AgentError("\(self): \(error)")
        }
    }
}
