internal import Agent
internal import ConfigurationFile
internal import Daemon
internal import Logging
internal import PostureModel

/// Makes the daemon's service of the configuration, as often as it is read, and watches what the configuration names.
struct ServiceLoader: Sendable {
    /// The configuration's file.
    let path: String
    /// The root of the host tree.
    let root: String
    /// The collector's socket; nil where this process collects and signs by itself.
    let collector: String?
    /// Whether to wait for a configuration where none can be used.
    let waits: Bool
    /// What something else watches.
    let watchedElsewhere: [String]
    let watch: Watch
    let logger: Logger

    func load() throws -> DaemonService {
        let loaded: LoadedConfiguration
        do throws(ConfigurationError) {
            loaded = try LoadedConfiguration(
                at: path,
                rememberedIn: Environment.stateDirectory,
                credentials: Environment.credentials
            )
        } catch {
            let unwatched = begin(nil, flawedFile: error.file)
            guard waits else { throw error }
            return .unconfigured(error, unwatched: unwatched)
        }
        let unwatched = begin(loaded.configuration, flawedFile: loaded.flawedFile)
        return try DaemonService(
            loaded,
            collector: collector(by: loaded.configuration),
            unwatched: unwatched,
            now: Timestamp.now,
            warn: { [logger] in logger.warning("\($0)") }
        )
    }

    private func begin(_ newest: AgentConfiguration?, flawedFile: String?) -> [String] {
        watch.begin(newest, flawedFile: flawedFile, path: path, except: watchedElsewhere)
    }

    private func collector(by configuration: AgentConfiguration) throws -> any Collector {
        if let collector { return CollectorClient(at: collector) }
        return try configuration.localCollector(root: root, now: Timestamp.now)
    }
}
