internal import ArgumentParser
internal import Blocking
internal import Glibc
internal import PostureModel

@main
struct Postured: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "postured",
        abstract: "Reports this machine's identity and posture to a posture-scorer.",
        version: Version.text,
        subcommands: [
            Run.self, Collect.self, ReportNow.self, Status.self, Explain.self, ShowFacts.self, CheckCommand.self,
            Examine.self, MakeBundle.self, Verify.self, Certificates.self, ReplaceKey.self, Retire.self,
        ]
    )

    /// Where everything that is asynchronous runs: on the main thread.
    static let loop = EventLoop()

    static func main() {
        // A connection that breaks is an error to be read, not a signal to die of.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try loop.run { try await command.run() }
            } else {
                try command.run()
            }
        } catch {
            exit(withError: error)
        }
    }
}
