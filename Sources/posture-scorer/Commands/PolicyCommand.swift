internal import ArgumentParser
internal import PostureModel
internal import ScorerCore

struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Check and simulate policies.",
        subcommands: [Check.self, Simulate.self]
    )

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Check the file of a policy.")

        @Argument(help: "The policy's file.", completion: .file()) var file: String

        func run() throws {
            let policy = try PolicyFile(at: file)
            print("\(file): valid")
            print("  \(policy.line)")
        }
    }

    struct Simulate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Score the stored devices by a policy, and change nothing.",
            discussion: """
                Prints a line for every score that would change. Exits with 1 if the change would wait for approval.
                """
        )

        @OptionGroup var options: ConfigurationOption
        @Argument(help: "The policy's file.", completion: .file()) var file: String
        @Option(help: "How many devices to score.") var limit = 1_000_000

        func validate() throws {
            guard (1...10_000_000).contains(limit) else { throw ValidationError("--limit is 1 to 10000000") }
        }

        func run() async throws {
            let policy = try PolicyFile(at: file)
            let simulation = try await options.scorer().changes.simulate(policy.policy, limit: limit, at: .now()) {
                print($0.line)
            }
            print(simulation.line)
            if simulation.needsApproval { throw ExitCode.failure }
        }
    }
}
