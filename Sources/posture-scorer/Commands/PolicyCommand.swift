internal import ArgumentParser
internal import PostureModel
internal import ScorerCore

struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "The policy: whether a file is one, what it would change, and what waits for a confirmation.",
        subcommands: [Check.self, Try.self, Held.self, Confirm.self]
    )

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Check a policy's file as a whole.")

        @Argument(help: "The file.", completion: .file()) var file: String

        func run() throws {
            let policy = try PolicyFile(at: file)
            print("\(file): it can be used")
            print("  \(policy.line)")
        }
    }

    struct Try: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say whose score a policy would change, over the stored devices, and change nothing.",
            discussion: "Exits with 1 if it would be held: if it fails too many of the devices that pass now."
        )

        @OptionGroup var options: ConfigurationOption
        @Argument(help: "The file.", completion: .file()) var file: String
        @Option(help: "How many devices are tried.") var limit = 100_000

        func validate() throws {
            guard (1...1_000_000).contains(limit) else { throw ValidationError("--limit is 1 to 1000000") }
        }

        func run() async throws {
            let policy = try PolicyFile(at: file)
            let simulation = try await options.scorer().simulate(policy, limit: limit) { print($0.line) }
            print(simulation.line)
            if simulation.needsApproval { throw ExitCode.failure }
        }
    }

    struct Held: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the changes that are held, since they would fail too many devices that pass now."
        )

        @OptionGroup var options: ConfigurationOption

        func run() async throws {
            let held = try await options.commands().pendingChanges()
            if held.isEmpty { print("nothing is held") }
            for change in held { print(change.line) }
        }
    }

    struct Confirm: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let what is held take effect. The running scorer sees it at the next reload, or within a minute."
        )

        @OptionGroup var options: ConfigurationOption

        func run() async throws {
            for change in try await options.commands().approveChanges() { print("confirmed: \(change.line)") }
        }
    }
}
