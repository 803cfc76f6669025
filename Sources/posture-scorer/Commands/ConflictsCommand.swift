internal import ArgumentParser
internal import PostureModel
internal import SQLiteStore
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
            abstract: "List identifiers that several devices claim, each with its holder first."
        )

        @OptionGroup var options: ConfigurationOption

        func run() async throws {
            for conflict in try await options.store().conflicts(limit: 10_000) {
                print("\(conflict.identifier.kind) \(conflict.identifier.value.printable())")
                for claim in conflict.claims {
                    print("  \(claim.device)  \(claim.strength), since \(claim.since)")
                }
            }
        }
    }

    struct Resolve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a device the holder of every identifier that it claims.",
            discussion: "Its serial number, host name and WARP ids. Claims of other devices come after it."
        )

        @OptionGroup var options: ConfigurationOption
        @OptionGroup var device: DeviceArgument
        @Flag(help: "Also where a certificate, the inventory or an operator confirms another device's claim.")
        var force = false

        func run() async throws {
            let (device, identifiers) = try await options.commands().assignClaims(device.name, force: force)
            print("resolved: \(device.device)")
            for identifier in identifiers { print("  \(identifier.kind) \(identifier.value.printable())") }
        }
    }
}
