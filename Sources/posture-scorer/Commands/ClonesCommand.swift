internal import ArgumentParser
internal import PostureModel
internal import ScorerCore
internal import ScorerModel

struct ClonesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clones",
        abstract: "List and clear clone alarms.",
        subcommands: [List.self, Clear.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List devices whose key, or whose certificate key, two machines use.",
            discussion: "A device whose own key two machines use scores 0 until its alarm is cleared."
        )

        @OptionGroup var options: ConfigurationOption
        @Flag(help: "Print one JSON object a line.") var json = false

        func run() async throws {
            for alarm in try await options.commands().cloneAlarms(limit: 10_000) {
                print(json ? try Wire.line(alarm) : alarm.line)
            }
        }
    }

    struct Clear: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Clear the clone alarm of a device, and its other notices.",
            discussion: "Give the other machine a key of its own first, or the alarm is raised again."
        )

        @OptionGroup var options: ConfigurationOption
        @OptionGroup var device: DeviceArgument

        func run() async throws {
            let cleared = try await options.commands().clearNotices(device.name)
            print("cleared: \(cleared.device)")
            for notice in cleared.notices { print("  \(notice.line)") }
        }
    }
}

extension CloneAlarm {
    /// The alarm in one line.
    fileprivate var line: String {
        "\(notice.device)  \(hostname ?? "no host name")  serial: \(serial ?? "none")  \(notice.line)"
    }
}
