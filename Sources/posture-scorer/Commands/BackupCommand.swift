internal import ArgumentParser
internal import SQLiteStore
internal import ScorerCore

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Create backups of the database.",
        subcommands: [CreateBackup.self]
    )
}

struct CreateBackup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Copy the database, which may be in use, into a new file for its owner only.",
        discussion: """
            If root runs it, the copy is written as the owner of the state directory, who has to have write access there.
            """
    )

    @OptionGroup var options: ConfigurationOption
    @Argument(help: "The copy: a file that does not exist yet.", completion: .file()) var file: String

    func run() async throws {
        try SQLiteStore.copy(try options.state().databasePath, to: file)
    }
}
