internal import ArgumentParser
internal import PostureModel
internal import SQLiteStore
internal import ScorerModel

struct UnmatchedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unmatched",
        abstract: "List unmatched devices.",
        subcommands: [List.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List rows of Cloudflare's that match no device, newest first, why, and the device they may mean."
        )

        @OptionGroup var options: ConfigurationOption
        @Flag(help: "Print one JSON object a line.") var json = false

        func run() async throws {
            for row in try await options.store().unmatched(limit: 10_000) {
                guard !json else {
                    print(try Wire.line(row))
                    continue
                }
                let names = [
                    ("serial", row.serial), ("host", row.hostname), ("user", row.email), ("address", row.ipv4),
                ].filter { !$0.1.isEmpty }.map { "\($0): \($1.printable())" }.joined(separator: "  ")
                print("\(row.warpID.printable())  \(names)  last asked: \(row.lastAt)  \(row.reason)")
            }
        }
    }
}
