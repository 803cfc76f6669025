internal import ArgumentParser
internal import PostureModel
internal import ScorerCore
internal import ScorerModel

struct ShowDevice: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the names, identifiers, row in use, tags, alarms, blocks and waivers of a device."
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
        func list(_ name: String, _ lines: [String]) -> [String] { ["\(name):\(lines.isEmpty ? " none" : "")"] + lines }
        let blocked =
            blocks.map { "  \($0.phrase): \($0.reason.printable()) (\($0.createdBy.printable()), \($0.createdAt))" }
            + othersBlocks.map {
                "  \($0.phrase), with the device \($0.device): \($0.reason.printable()); to end it: devices unblock \($0.device)"
            }
        let head = [
            line("device", summary.device.rawValue),
            line("host name", summary.hostname),
            line("serial number", summary.serial),
            line("agent", summary.agent),
            line("registered", summary.registeredAt.map(\.description) ?? "no longer: it was deleted"),
            line("last report", summary.receivedAt.map(\.description) ?? "none yet"),
            line("blocked", !blocks.isEmpty ? "yes" : othersBlocks.isEmpty ? "no" : "yes, with another device"),
        ]
        guard summary.registeredAt != nil else { return (head + blocked).joined(separator: "\n") }
        let identity = [
            line("retired", summary.retiredAt.map { "at \($0)" } ?? "no"),
            line("keys replaced", "\(replacedKeys)"),
            line("WARP ids", warpIDs?.line(summary.warp) ?? "no report yet"),
            line("row in use", use?.line ?? "none: no row of Cloudflare's gets its score"),
        ]
        let lists =
            list("identifiers", identifiers.flatMap { $0.lines(of: summary.device) })
            + list("tags", tags.map { "  \($0.line)" }) + list("notices", notices.map { "  \($0.line)" })
        return (head + blocked + identity + lists + waivers.map(\.line)).joined(separator: "\n")
    }
}
