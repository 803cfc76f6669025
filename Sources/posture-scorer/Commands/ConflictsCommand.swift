internal import ArgumentParser
internal import PostureModel
internal import ScorerCore
internal import ScorerModel

struct ConflictsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conflicts",
        abstract: "List and resolve identifier conflicts.",
        subcommands: [List.self, Resolve.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List identifiers that several devices claim, and alarms, with both devices and what to do.",
            discussion: "Of claims the holder comes first."
        )

        @OptionGroup var options: ConfigurationOption
        @Flag(help: "Print one JSON object a line.") var json = false

        func run() async throws {
            for conflict in try await options.commands().conflicts(limit: 10_000) {
                if json { print(try Wire.line(conflict)) } else { for line in conflict.lines { print(line) } }
            }
        }
    }

    struct Resolve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Assign to a device what its newest report carries and other devices claim too.",
            discussion: "Claims of other devices come after it. What the newest report lacks is not assigned."
        )

        @OptionGroup var options: ConfigurationOption
        @OptionGroup var device: DeviceArgument
        @Flag(help: "Also where a certificate, the inventory or an operator gives it to another device.") var force =
            false

        func run() async throws {
            let outcome = try await options.commands().resolveConflicts(device.name, force: force)
            print("resolved: \(outcome.device)")
            for identifier in outcome.identifiers { print("  assigned: \(identifier.words)") }
        }
    }
}
