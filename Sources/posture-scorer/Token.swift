internal import ArgumentParser
internal import PostureModel
internal import ReportStore
internal import ScorerAPI

struct Token: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Enrolment tokens: what lets a new device register.",
        subcommands: [New.self, List.self]
    )

    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token and print it. It is shown once; only its hash is kept."
        )

        @OptionGroup var options: ConfigurationOption
        @Option(help: "How many devices may register with it.") var uses = 1
        @Option(help: "In how many hours it expires.") var hours = 24

        func validate() throws {
            guard (1...1_000_000).contains(uses) else { throw ValidationError("--uses is 1 to 1000000") }
            guard (1...8760).contains(hours) else { throw ValidationError("--hours is 1 to 8760 (a year)") }
        }

        func run() async throws {
            let now = Timestamp.now()
            let (token, stored) = EnrolmentToken.make(
                uses: uses,
                expiresAt: now.adding(seconds: Int64(hours) * 3600),
                now: now
            )
            try await options.store().add(stored)
            print(token)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the tokens by their hashes.")

        @OptionGroup var options: ConfigurationOption

        func run() async throws {
            for token in try await options.store().tokens() {
                print("\(token.hash)  uses left: \(token.usesLeft)  expires: \(token.expiresAt)")
            }
        }
    }
}
