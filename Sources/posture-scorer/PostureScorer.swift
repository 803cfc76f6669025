internal import ArgumentParser
internal import PostureModel
internal import ReportStore
internal import ScorerAPI

@main
struct PostureScorer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "posture-scorer",
        abstract: "Takes the reports of postured, scores devices, and answers Cloudflare's posture checks.",
        version: Version.text,
        subcommands: [
            Serve.self, Devices.self, Waive.self, Inventory.self, Token.self, Authority.self, Audit.self, Backup.self,
            CheckAccess.self,
        ]
    )
}

/// Where the configuration is.
struct ConfigurationOption: ParsableArguments {
    @Option(name: .long, help: "The configuration's file.", completion: .file())
    var config = "/etc/posture-scorer/scorer.toml"

    /// The store, beside a scorer that runs or without one; of the configuration only its place is asked.
    func store() throws -> SQLiteStore { try SQLiteStore(path: try state().databasePath) }

    /// The state directory.
    func state() throws -> ScorerState {
        try ScorerState(directory: try ScorerConfiguration.stateDirectory(at: config))
    }
}
