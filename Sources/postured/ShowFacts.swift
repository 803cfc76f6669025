internal import Agent
internal import ArgumentParser
internal import Glibc
internal import PostureModel

struct ShowFacts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "facts",
        abstract: "Show what would be reported. Sends nothing, changes nothing.",
        discussion: "Without a configuration at the usual place, shows the facts alone."
    )

    @OptionGroup var options: Options
    @OptionGroup var output: JSONOption

    func run() async throws {
        let isMissing = unsafe options.config == Options.defaultConfig && access(options.config, F_OK) != 0
        let configuration = isMissing ? .empty : try configured { try options.configuration() }
        let evidence = try await looking {
            try await Machine(root: options.root, configuration: configuration).collect(at: .now())
        }
        print(output.json ? try Wire.pretty(evidence) : Text.facts(evidence))
    }
}
