internal import ArgumentParser
internal import PostureModel
internal import ScorerCore

@main
struct PostureScorer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "posture-scorer",
        abstract: "Takes the reports of postured, scores devices, and answers Cloudflare's posture checks.",
        version: Version.text,
        subcommands: [
            Serve.self, Explain.self, Devices.self, Waive.self, Inventory.self, PolicyCommand.self, Token.self,
            Authority.self, Audit.self, Backup.self, CheckAccess.self,
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
