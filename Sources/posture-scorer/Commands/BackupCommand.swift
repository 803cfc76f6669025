internal import ArgumentParser
internal import SQLiteStore
internal import ScorerCore

struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy the database as it is at one moment, while it is in use, into a new file for its owner only.",
        discussion: """
            Root takes the state directory as its owner: the copy's directory has to be one that this user may write to.
            """
    )

    @OptionGroup var options: ConfigurationOption
    @Argument(help: "The copy: a file that is not there yet.", completion: .file()) var file: String

    func run() async throws {
        try SQLiteStore.copy(try options.state().databasePath, to: file)
    }
}
