internal import ArgumentParser
internal import PostureModel
internal import ScorerCore

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show the fleet, Cloudflare's rows, and what waits for an operator."
    )

    @OptionGroup var options: ConfigurationOption
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let report = try await options.commands().status()
        print(json ? try Wire.pretty(report) : StatusText(report, at: .now()).text)
    }
}
