internal import ArgumentParser
internal import PostureModel
internal import SQLiteStore
internal import ScorerCore
internal import ScorerModel

struct Token: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Enrolment tokens: what lets a new device register.",
        subcommands: [New.self, List.self, Revoke.self]
    )

    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token and print it. It is shown once; only its hash is kept."
        )

        @OptionGroup var options: ConfigurationOption
        @Option(help: "How many devices may register with it.") var uses = 1
        @Option(help: "In how many hours it expires.") var hours = 24

        func run() async throws {
            print(try await options.commands().createToken(uses: uses, hours: hours).token)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the tokens by their hashes.")

        @OptionGroup var options: ConfigurationOption

        func run() async throws {
            for token in try await options.store().tokens() {
                let maker = token.createdBy.map { "  by: \($0.printable())" } ?? ""
                print("\(token.hash)  uses left: \(token.usesLeft)  expires: \(token.expiresAt)\(maker)")
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Revoke a token: no device registers with it any more. Those that did stay."
        )

        @OptionGroup var options: ConfigurationOption
        @Argument(help: "The token's hash, or 8 or more characters that it begins with.") var hash: String

        func run() async throws {
            print("revoked: \(try await options.commands().revokeToken(hash).hash)")
        }
    }
}
