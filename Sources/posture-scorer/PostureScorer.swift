internal import ArgumentParser
internal import PostureModel

@main
struct PostureScorer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "posture-scorer",
        abstract: "Takes the reports of postured, scores devices, and answers Cloudflare's posture checks.",
        version: Version.text,
        subcommands: [Serve.self, Token.self]
    )
}

/// Where the configuration is.
struct ConfigurationOption: ParsableArguments {
    @Option(name: .long, help: "The configuration's file.")
    var config = "/etc/posture-scorer/scorer.toml"
}
