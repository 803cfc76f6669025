internal import ArgumentParser
internal import ScorerCore

struct DevicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices",
        abstract: "List, explain, tag, block, replace and delete devices.",
        discussion: """
            DEVICE is an id, at least 8 characters that it begins with, a serial number or a host name. If it matches several \
            devices, the command lists them and changes nothing.
            """,
        subcommands: [
            ListDevices.self, ShowDevice.self, ExplainDevice.self, TagDevice.self, UntagDevice.self,
            AssignIdentifier.self, UnassignIdentifier.self, BlockDevice.self, UnblockDevice.self, ReplaceDevice.self,
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
