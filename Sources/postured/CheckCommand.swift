internal import Agent
internal import ArgumentParser
internal import PostureModel

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Look for the certificates that the configuration asks for, and say what is wrong with them.",
        discussion: """
            Whoever is not root is shown what the daemon sees. Exit status: 0 all pass, 1 one fails, 2 one could not be \
            looked at, or wrong configuration.
            """
    )

    @OptionGroup var options: Options
    @OptionGroup var socket: SocketOption
    @OptionGroup var output: JSONOption

    func run() async throws {
        let results = options.isDefault && socket.isNeeded ? try await socket.view().checks : try await look()
        print(output.json ? try Wire.pretty(["checks": results]) : Text.checks(results))
        throw ExitCode(results.exitStatus)
    }

    private func look() async throws -> [CheckSummary] {
        let configuration = try configured { try options.configuration() }
        guard !configuration.checks.isEmpty else {
            complain("\(options.config): has no [[check]]: there is nothing to look for")
            throw ExitCode(2)
        }
        return try await looking {
            try await HostInspector(root: options.root, configuration: configuration).runChecks(at: .now())
        }.map(CheckSummary.init)
    }
}
