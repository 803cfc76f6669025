internal import ArgumentParser
internal import ConfigurationFile
internal import Logging
internal import PostureModel
internal import SQLiteStore
internal import ScorerCore
internal import Verification

/// Where the configuration is.
struct ConfigurationOption: ParsableArguments {
    @Option(name: .long, help: "The configuration's file.", completion: .file())
    var config = "/etc/posture-scorer/scorer.toml"

    /// The store, beside a scorer that runs or without one; of the configuration only its place is asked.
    func store() throws -> SQLiteStore { try SQLiteStore(path: try state().databasePath) }

    /// The state directory, as whose owner the process goes on.
    func state() throws -> ScorerState {
        let directory = try ScorerConfiguration.stateDirectory(at: config)
        try ScorerState.becomeOwner(of: directory)
        return try ScorerState(directory: directory)
    }

    /// A scorer of its own beside the one that runs, on the same store and by the policy that is in force there: what
    /// devices score, without being asked over the network.
    ///
    /// Everything in the configuration is read before root takes the state directory's owner for its user.
    func scorer() async throws -> Scorer {
        let configuration = try ScorerConfiguration(at: config)
        let store = try store()
        let policy = try await ChangeControl.lastPolicy(in: store) ?? configuration.policy()
        return try Scorer(
            store: store,
            verifier: MessageVerifier(audience: configuration.url),
            checks: configuration.checks,
            policy: policy,
            logger: Logger(label: "posture-scorer") { _ in SwiftLogNoOpLogHandler() },
            now: Timestamp.now
        )
    }
}
