internal import ArgumentParser
internal import ScorerCore

struct ReplaceDevice: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replace",
        abstract: "Put a new device in the place of an old one: its machine was installed again.",
        discussion: """
            The old device retires. The new one gets its certificate keys, what operators assigned to it, its tags and its waivers.
            """
    )

    @OptionGroup var options: ConfigurationOption
    @Argument(help: "The old device.") var old: String
    @Argument(help: "The new device.") var new: String

    func run() async throws {
        let outcome = try await options.commands().replace(old, by: new)
        print("replaced: \(outcome.replaces) by \(outcome.device)")
    }
}
