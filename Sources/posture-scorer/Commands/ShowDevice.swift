internal import ArgumentParser
internal import PostureModel
internal import ScorerCore
internal import ScorerModel

struct ShowDevice: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the names, report, blocks and waivers of a device."
    )

    @OptionGroup var options: ConfigurationOption
    @OptionGroup var device: DeviceArgument
    @Flag(help: "Print JSON, with the facts of the newest report.") var json = false

    func run() async throws {
        let shown = try await options.commands().show(device.name)
        print(json ? try Wire.pretty(shown) : shown.text)
    }
}

extension ShownDevice {
    /// For people, line by line.
    fileprivate var text: String {
        func line(_ name: String, _ value: String?) -> String { "\(name): \(value ?? "unknown")" }
        let lines = [
            line("device", summary.device.rawValue),
            line("host name", summary.hostname),
            line("serial number", summary.serial),
            line("agent", summary.agent),
            line("registered", summary.registeredAt.map(\.description) ?? "no longer: it was deleted"),
            line("last report", summary.receivedAt.map(\.description) ?? "none yet"),
            line("blocked", blocks.isEmpty ? "no" : "yes"),
        ]
        let blocked = blocks.map {
            "  \($0.phrase): \($0.reason.printable()) (\($0.createdBy.printable()), \($0.createdAt))"
        }
        let waived = waivers.map(\.line)
        return (lines + blocked + waived).joined(separator: "\n")
    }
}
