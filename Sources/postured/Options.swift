internal import Agent
internal import ArgumentParser
internal import Glibc
internal import PostureModel

/// What every subcommand understands.
struct Options: ParsableArguments {
    static let defaultConfig = "/etc/postured/postured.toml"

    @Option(help: "The configuration's file.", completion: .file(extensions: ["toml"]))
    var config = Options.defaultConfig

    @Option(
        help: "The root of the host tree that facts are read from; certificates are looked for where --config says.",
        completion: .directory
    )
    var root = "/"

    func configuration() throws -> AgentConfiguration {
        try AgentConfiguration(at: config, credentials: Environment.credentials)
    }

    /// Whether this is about this machine as it is set up, and not about another configuration or tree.
    var isDefault: Bool { config == Options.defaultConfig && root == "/" }
}

/// What `body` returns; if it throws, says why and ends the program with the status of a wrong configuration.
func configured<Value>(_ body: () throws -> Value) throws -> Value {
    do { return try body() } catch {
        complain("\(error)")
        throw ExitCode(2)
    }
}

/// What `look` returns; if the machine's root cannot be opened, says why and ends the program with status 2.
func looking<Value>(_ look: () async throws -> Value) async throws -> Value {
    do { return try await look() } catch {
        complain("\(error)")
        throw ExitCode(2)
    }
}

/// The flag of the subcommands that print something.
struct JSONOption: ParsableArguments {
    @Flag(help: "Print JSON, for machines.")
    var json = false
}

/// Prints a line to standard error; parts of it may have come from anywhere.
func complain(_ text: String) {
    printAtOnce("postured: \(text.printable(limit: 4000))", to: STDERR_FILENO)
}

/// Prints a line past the buffer, for readers that wait for it at the other end of a pipe.
func printAtOnce(_ text: String, to descriptor: CInt = STDOUT_FILENO) {
    let line = Array("\(text)\n".utf8)
    _ = unsafe write(descriptor, line, line.count)
}
