internal import ArgumentParser
internal import ScorerCore
internal import ScorerModel

struct WaiversCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "waivers",
        abstract: "Add, list and remove waivers.",
        subcommands: [Add.self, List.self, Remove.self]
    )

    /// The rule that a waiver is about.
    struct RuleArgument: ParsableArguments {
        @Argument(help: .init("The rule's id, as scores name it.", valueName: "rule")) var id: String
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Waive a rule for a device: the rule counts as met until a time."
        )

        @OptionGroup var options: ConfigurationOption
        @OptionGroup var device: DeviceArgument
        @OptionGroup var rule: RuleArgument
        @Option(help: "The end: 2026-12-24T12:00:00Z, or a duration from now: 90m, 12h, 7d, 2w; a year at most.")
        var until: String
        @Option(help: "Why, for the audit.") var reason: String

        func run() async throws {
            let waiver = try await options.commands().waive(device.name, rule: rule.id, until: until, reason: reason)
            print("waived: \(waiver.rule) for \(waiver.device) until \(waiver.expiresAt)")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the waivers of a device.")

        @OptionGroup var options: ConfigurationOption
        @OptionGroup var device: DeviceArgument

        func run() async throws {
            for waiver in try await options.commands().show(device.name).waivers { print(waiver.line) }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a waiver before its end.")

        @OptionGroup var options: ConfigurationOption
        @OptionGroup var device: DeviceArgument
        @OptionGroup var rule: RuleArgument

        func run() async throws {
            let device = try await options.commands().revokeWaiver(device.name, rule: rule.id).device
            print("removed: \(rule.id) counts again for \(device)")
        }
    }
}
