internal import ArgumentParser
internal import PostureModel

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
}
