internal import ArgumentParser
internal import PostureModel
internal import SQLiteStore
internal import ScorerModel

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "List the changes that operators made.",
        subcommands: [List.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List changes, newest first: time, actor, action, subject.",
            discussion: "The newest \(AuditEntry.limit) entries are kept."
        )

        @OptionGroup var options: ConfigurationOption
        @Option(help: "How many entries to list.") var limit = 100
        @Flag(help: "Print one JSON object a line.") var json = false

        func validate() throws {
            guard (1...AuditEntry.limit).contains(limit) else {
                throw ValidationError("--limit is 1 to \(AuditEntry.limit)")
            }
        }

        func run() async throws {
            let store = try options.store()
            var (left, last): (Int, String?) = (limit, nil)
            repeat {
                let page = try await store.audit(limit: min(left, 1000), before: last)
                for entry in page { print(json ? try Wire.line(entry) : entry.line) }
                (left, last) = (left - page.count, page.last?.id)
            } while left > 0 && last != nil
        }
    }
}

extension AuditEntry {
    fileprivate var line: String {
        ([at.description, actor, action, subject] + [detail].filter { !$0.isEmpty }).joined(separator: "  ").printable()
    }
}
