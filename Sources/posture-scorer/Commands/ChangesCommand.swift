internal import ArgumentParser
internal import ScorerCore

struct ChangesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "changes",
        abstract: "List and approve pending changes.",
        subcommands: [List.self, Approve.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List changes that wait for approval because they would fail many devices."
        )

        @OptionGroup var options: ConfigurationOption

        func run() async throws {
            for change in try await options.commands().pendingChanges() { print(change.line) }
        }
    }

    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Approve the pending changes.",
            discussion: "The running scorer applies them when it reloads, or within a minute."
        )

        @OptionGroup var options: ConfigurationOption

        func run() async throws {
            for change in try await options.commands().approveChanges() { print("approved: \(change.line)") }
        }
    }
}
