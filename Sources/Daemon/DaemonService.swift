package import Agent
package import PostureModel

/// What the daemon works with, made from one configuration.
package struct DaemonService: Sendable {
    /// The scorer's URL; nil while no configuration can be used.
    var scorer: String?
    /// Seconds between reports where the scorer cannot say.
    var interval: Int
    /// What is wrong with the newest configuration, if it is not this one.
    var flaw: String?
    /// The directory of the daemon's state, where systemd names none.
    package var stateDirectory: String
    /// What cannot be watched for changes, and why.
    var unwatched: [String] = []
    /// Reports, and looks at the machine.
    var reporter: any Reporter

    /// What there is while no configuration can be used: nothing but the reason, and the wait for another one.
    package static func unconfigured(_ flaw: any Error, unwatched: [String]) -> DaemonService {
        DaemonService(
            scorer: nil,
            interval: AgentConfiguration.empty.interval,
            flaw: "\(flaw)",
            stateDirectory: AgentConfiguration.empty.stateDirectory,
            unwatched: unwatched,
            reporter: NoReporter(flaw: flaw)
        )
    }
}

extension DaemonService {
    /// Makes the service of a configuration, with `collector` as the side with the keys.
    ///
    /// `warn` gets a sentence where something is not as it should be, and works all the same.
    ///
    /// - Throws: an error that says what to do, where no scorer is configured.
    package init(
        _ loaded: LoadedConfiguration,
        collector: any Collector,
        unwatched: [String],
        now: @escaping @Sendable () -> Timestamp,
        warn: @escaping @Sendable (String) -> Void
    ) throws {
        let observed = ObservedCollector(collector)
        let delivery = try loaded.configuration.delivery(from: observed, now: now, warn: warn)
        self.init(
            scorer: loaded.configuration.scorer?.url,
            interval: loaded.configuration.interval,
            flaw: loaded.flaw.map { "\($0)" },
            stateDirectory: loaded.configuration.stateDirectory,
            unwatched: unwatched,
            reporter: DeliveringReporter(collector: observed, delivery: delivery)
        )
    }
}
