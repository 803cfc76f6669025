package import Agent
package import PostureModel
internal import Reporting

/// What the daemon works with, made from one configuration.
package struct DaemonService: Sendable {
    /// The scorer's URL; nil while no configuration can be used, and there is nobody to report to.
    package var scorer: String?
    /// Seconds between reports where the scorer cannot say.
    package var interval: Int
    /// What is wrong with the newest configuration, if it is not this one.
    package var flaw: String?
    /// Where the daemon remembers what it has to, if nobody says otherwise.
    package var stateDirectory: String
    /// What cannot be watched for changes, and why.
    package var unwatched: [String] = []
    /// Reports once.
    package var report: @Sendable () async throws -> ReportAnswer
    /// Looks at the machine, and reports nothing.
    package var look: @Sendable () async throws -> Void
    /// What was seen last, whether it was reported or not.
    package var seen: @Sendable () async -> CollectedMessage?

    /// Creates a service from its parts.
    package init(
        scorer: String?,
        interval: Int,
        flaw: String?,
        stateDirectory: String,
        report: @escaping @Sendable () async throws -> ReportAnswer,
        look: @escaping @Sendable () async throws -> Void,
        seen: @escaping @Sendable () async -> CollectedMessage?
    ) {
        (self.scorer, self.interval, self.flaw) = (scorer, interval, flaw)
        self.stateDirectory = stateDirectory
        (self.report, self.look, self.seen) = (report, look, seen)
    }

    /// What there is while no configuration can be used: nothing but the reason, and the wait for another one.
    package static func unconfigured(_ flaw: any Error, unwatched: [String]) -> DaemonService {
        var service = DaemonService(
            scorer: nil,
            interval: AgentConfiguration.empty.interval,
            flaw: "\(flaw)",
            stateDirectory: AgentConfiguration.empty.stateDirectory,
            report: { throw flaw },
            look: { throw flaw },
            seen: { nil }
        )
        service.unwatched = unwatched
        return service
    }

    /// Makes the service of a configuration, with `collector` as the side with the keys.
    ///
    /// `warn` gets a sentence where something is not as it should be, and works all the same.
    ///
    /// - Throws: an error that says what to do, where no scorer is configured.
    package init(
        _ loaded: LoadedConfiguration,
        collector: any Collecting,
        now: @escaping @Sendable () -> Timestamp,
        warn: @escaping @Sendable (String) -> Void
    ) throws {
        let observed = ObservedCollector(collector)
        let delivery = try loaded.configuration.delivery(from: observed, now: now, warn: warn)
        let scorer = loaded.configuration.scorer?.url
        self.init(
            scorer: scorer,
            interval: loaded.configuration.interval,
            flaw: loaded.flaw.map { "\($0)" },
            stateDirectory: loaded.configuration.stateDirectory,
            report: { try await delivery.report() },
            // A signature without a nonce of the scorer's is good for nothing.
            look: { _ = try await observed.sign(.report, nonce: "look", audience: scorer ?? "") },
            seen: { await observed.newest }
        )
    }
}

/// Why nothing is reported: there is nobody to report to.
struct NotConfigured: Error, CustomStringConvertible {
    let description: String
}

/// Remembers what was seen while a message was made.
private actor ObservedCollector: MessageSource {
    private let collector: any Collecting
    private(set) var newest: CollectedMessage?

    init(_ collector: any Collecting) { self.collector = collector }

    func sign(_ request: SigningRequest, nonce: String, audience: String) async throws -> SignedMessage {
        let collected = try await collector.collect(request, nonce: nonce, audience: audience)
        if collected.view != nil { newest = collected }
        return collected.message
    }
}
