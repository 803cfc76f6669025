internal import ArgumentParser
internal import ScorerCore
internal import ScorerModel

extension AssignedKind: ExpressibleByArgument {}

/// The identifier that a command is about.
struct IdentifierArgument: ParsableArguments {
    @Argument(help: .init("The kind of identifier.", valueName: "kind")) var kind: AssignedKind
    @Argument(help: .init("Its value.", valueName: "value")) var value: String
}

struct AssignIdentifier: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assign",
        abstract: "Assign a WARP id or a serial number to a device.",
        discussion: """
            Claims of other devices come after it. A WARP id does not count while the device's agent reads another one.
            """
    )

    @OptionGroup var options: ConfigurationOption
    @OptionGroup var device: DeviceArgument
    @OptionGroup var identifier: IdentifierArgument
    @Flag(help: "Also where a certificate, the inventory or an operator gives it to another device.") var force = false

    func run() async throws {
        let outcome = try await options.commands().assign(
            device.name,
            identifier.kind,
            identifier.value,
            force: force
        )
        print("assigned: \(outcome.identifiers.map(\.words).joined(separator: ", ")) to \(outcome.device)")
        if outcome.readsAnotherWARPID {
            print("  it counts once the agent reads this WARP id: run 'postured report' on the machine")
        }
    }
}

struct UnassignIdentifier: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unassign",
        abstract: "Take back an assignment; what the device reports stays."
    )

    @OptionGroup var options: ConfigurationOption
    @OptionGroup var device: DeviceArgument
    @OptionGroup var identifier: IdentifierArgument

    func run() async throws {
        let outcome = try await options.commands().unassign(device.name, identifier.kind, identifier.value)
        print("unassigned: \(outcome.identifiers.map(\.words).joined(separator: ", ")) of \(outcome.device)")
    }
}
