internal import ArgumentParser
internal import PostureModel
internal import ScorerCore

@main
struct PostureScorer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "posture-scorer",
        abstract: "Receive reports of postured, score devices and answer Cloudflare's posture queries.",
        version: Version.text,
        subcommands: [
            Serve.self, StatusCommand.self, DevicesCommand.self, ConflictsCommand.self, ClonesCommand.self,
            UnmatchedCommand.self, WARPIDsCommand.self,
            ChangesCommand.self, PolicyCommand.self, WaiversCommand.self, InventoryCommand.self, TokensCommand.self,
            CACommand.self, AuditCommand.self, BackupCommand.self, AccessCommand.self,
        ]
    )

    /// Runs the command that the arguments name.
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let error as OperatorError {
            exit(withError: CommandError(error))
        } catch {
            exit(withError: error)
        }
    }
}
