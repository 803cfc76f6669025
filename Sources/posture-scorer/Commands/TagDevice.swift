internal import ArgumentParser
internal import ScorerCore
internal import ScorerModel

/// The tags that a command is about.
struct TagArguments: ParsableArguments {
    @Argument(help: .init("Tags, each of 1 to 64 bytes.", valueName: "name")) var names: [String]
}

struct TagDevice: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag",
        abstract: "Give a device tags, which put it into groups of the policy."
    )

    @OptionGroup var options: ConfigurationOption
    @OptionGroup var device: DeviceArgument
    @OptionGroup var tags: TagArguments

    func run() async throws {
        let outcome = try await options.commands().tag(device.name, names: tags.names)
        print("tagged: \(outcome.device)")
        for tag in outcome.tags { print("  \(tag.line)") }
    }
}

struct UntagDevice: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "untag",
        abstract: "Take tags from a device.",
        discussion: "A tag that the inventory or a certificate still gives comes back with the next report."
    )

    @OptionGroup var options: ConfigurationOption
    @OptionGroup var device: DeviceArgument
    @OptionGroup var tags: TagArguments

    func run() async throws {
        let outcome = try await options.commands().untag(device.name, names: tags.names)
        print("untagged: \(outcome.device)")
        for tag in outcome.tags { print("  \(tag.line)") }
    }
}
