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
    package var seen: @Sendable () async -> Sighting?

    /// Creates a service from its parts.
    package init(
        scorer: String?,
        interval: Int,
        flaw: String?,
        stateDirectory: String,
        report: @escaping @Sendable () async throws -> ReportAnswer,
        look: @escaping @Sendable () async throws -> Void,
        seen: @escaping @Sendable () async -> Sighting?
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
        collector: any Collector,
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
            look: { _ = try await observed.look() },
            seen: { await observed.newest }
        )
    }
}

/// Why nothing is reported: there is nobody to report to.
struct NotConfigured: Error, CustomStringConvertible {
    let description: String
}

/// Remembers what a collector saw last.
///
/// A report is read when somebody wants to know what was in it: not before it is sent.
actor ObservedCollector: Collector {
    private let collector: any Collector
    private var unread: CollectedMessage?
    private var sighting: Sighting?

    init(_ collector: any Collector) { self.collector = collector }

    /// What was seen last; what cannot be read is not remembered.
    var newest: Sighting? {
        if let message = unread {
            unread = nil
            sighting = message.sighting() ?? sighting
        }
        return sighting
    }

    func collect(_ request: SigningRequest, nonce: String, audience: String) async throws -> CollectedMessage {
        let collected = try await collector.collect(request, nonce: nonce, audience: audience)
        if request == .report { unread = collected }
        return collected
    }

    func look() async throws -> Sighting {
        let seen = try await collector.look()
        (unread, sighting) = (nil, seen)
        return seen
    }
}
