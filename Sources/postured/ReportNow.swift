internal import ArgumentParser
internal import Daemon
internal import PostureModel

struct ReportNow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Report now, and print the score and how it came about.",
        discussion: """
            Where the daemon runs, it reports. Without one, with a configuration of its own, or with --direct, this process \
            does. Exit \
            status: 0 delivered, 1 not delivered, 2 wrong configuration, or the daemon will not.
            """
    )

    @OptionGroup var delivery: DeliveryOptions
    @Flag(help: "Ask the daemon to report soon, and do not wait for it.") var noWait = false

    func validate() throws {
        if noWait, delivery.direct { throw ValidationError("--no-wait asks the daemon, and --direct does not") }
    }

    func run() async throws {
        if noWait {
            _ = try await delivery.socket.status(.poke)
            return
        }
        let answer = try await delivery.report(first: .report)
        print(delivery.output.json ? try Wire.pretty(answer) : Text.score(answer))
    }
}
