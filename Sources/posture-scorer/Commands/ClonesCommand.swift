internal import ArgumentParser
internal import PostureModel
internal import SQLiteStore
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
            abstract: "List devices whose key two machines use: they score 0 until cleared."
        )

        @OptionGroup var options: ConfigurationOption

        func run() async throws {
            let (store, now) = (try options.store(), Timestamp.now())
            for device in try await store.clones(limit: 10_000) { print(device.line(at: now)) }
        }
    }

    struct Clear: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Clear the clone alarm of a device.",
            discussion: "Give the other machine a key of its own first, or the alarm is raised again."
        )

        @OptionGroup var options: ConfigurationOption
        @OptionGroup var device: DeviceArgument

        func run() async throws {
            print("cleared: \(try await options.commands().clearCloneAlarm(device.name).device)")
        }
    }
}
