internal import ArgumentParser
internal import ScorerCore

struct DevicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices",
        abstract: "List, explain, block and delete devices.",
        discussion: """
            DEVICE is an id, at least 8 characters that it begins with, a serial number or a host name. If it matches several \
            devices, the command lists them and changes nothing.
            """,
        subcommands: [
            ListDevices.self, ShowDevice.self, ExplainDevice.self, BlockDevice.self, UnblockDevice.self,
            DeleteDevice.self,
        ]
    )
}

/// The device that a command is about.
struct DeviceArgument: ParsableArguments {
    @Argument(
        help: .init(
            "An id, 8 or more characters that it begins with, a serial number or a host name.",
            valueName: "device"
        )
    )
    var name: String
}

struct BlockDevice: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "block",
        abstract: "Block a device: it scores 0 until unblocked.",
        discussion: """
            The block covers the device's key, the certificates that it proves and the serial number that it holds, also on \
            other devices and after the device was deleted.
            """
    )

    @OptionGroup var options: ConfigurationOption
    @OptionGroup var device: DeviceArgument
    @Option(help: "Why, for the audit.") var reason: String
    @Flag(help: "Block the key alone: for a machine that claims another's identifiers.") var keyOnly = false

    func run() async throws {
        let outcome = try await options.commands().block(device.name, reason: reason, keyOnly: keyOnly)
        print("blocked: \(outcome.device)")
        for block in outcome.blocks { print("  \(block.phrase)") }
        for other in outcome.others { print("the same serial number, and blocked with it: \(other.names)") }
    }
}

struct UnblockDevice: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "unblock", abstract: "Remove all blocks of a device.")

    @OptionGroup var options: ConfigurationOption
    @OptionGroup var device: DeviceArgument

    func run() async throws {
        print("unblocked: \(try await options.commands().unblock(device.name).names)")
    }
}

struct DeleteDevice: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a device with its key, report and waivers; its blocks stay.",
        discussion: "The same machine can register again, with an enrolment token or its certificate."
    )

    @OptionGroup var options: ConfigurationOption
    @OptionGroup var device: DeviceArgument

    func run() async throws {
        print("deleted: \(try await options.commands().delete(device.name).names)")
    }
}
