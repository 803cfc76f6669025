internal import ArgumentParser
internal import PostureModel
internal import SQLiteStore
internal import ScorerCore
internal import ScorerModel

struct TokensCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens",
        abstract: "Create, list and revoke enrolment tokens.",
        subcommands: [Create.self, List.self, Revoke.self]
    )

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create an enrolment token and print it.",
            discussion: "The token is shown once; the scorer keeps its hash only."
        )

        @OptionGroup var options: ConfigurationOption
        @Option(help: "How many devices may register with it.") var uses = 1
        @Option(help: "The device that the one which registers with it replaces: its machine is installed again.")
        var replaces: String?
        @Option(help: "In what time it expires, a year at most: \(TimeSpan.examples).") var expiresIn = TimeSpan(
            seconds: 86_400
        )

        func run() async throws {
            let made = try await options.commands().createToken(uses: uses, expiresIn: expiresIn, replacing: replaces)
            print(made.token)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List enrolment tokens by their hashes.")

        @OptionGroup var options: ConfigurationOption

        func run() async throws {
            for token in try await options.store().tokens(limit: 10_000) {
                let creator = "  by: \(token.createdBy.printable())"
                let replaced = token.replaces.map { "  replaces: \($0)" } ?? ""
                print("\(token.hash)  uses left: \(token.usesLeft)  expires: \(token.expiresAt)\(creator)\(replaced)")
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Revoke an enrolment token; devices that registered with it stay."
        )

        @OptionGroup var options: ConfigurationOption
        @Argument(help: "The token's hash, or 8 or more characters that it begins with.") var hash: String

        func run() async throws {
            print("revoked: \(try await options.commands().revokeToken(hash).hash)")
        }
    }
}
