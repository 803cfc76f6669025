internal import ArgumentParser
internal import PostureModel
internal import SQLiteStore
internal import ScorerModel

struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what operators changed, newest first: when, who, what, of what.",
        discussion: "The newest 100000 entries are kept."
    )

    @OptionGroup var options: ConfigurationOption
    @Option(help: "How many entries.") var limit = 100
    @Flag(help: "Print one JSON object a line.") var json = false

    func validate() throws {
        guard (1...AuditEntry.limit).contains(limit) else {
            throw ValidationError("--limit is 1 to \(AuditEntry.limit)")
        }
    }

    func run() async throws {
        for entry in try await options.store().audit(limit: limit, before: nil) {
            let line =
                "\(entry.at)  \(entry.actor)  \(entry.action)  \(entry.subject)\(entry.detail.isEmpty ? "" : "  \(entry.detail)")"
            print(json ? try Wire.line(entry) : line.printable())
        }
    }
}
