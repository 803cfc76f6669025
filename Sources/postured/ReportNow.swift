internal import Agent
internal import ArgumentParser
internal import Daemon
internal import Glibc
internal import PostureModel
internal import Reporting

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

    @OptionGroup var options: Options
    @OptionGroup var socket: SocketOption
    @OptionGroup var output: JSONOption
    @Flag(help: "Ask the daemon to report soon, and do not wait for it.") var noWait = false
    @Flag(help: "Collect, sign and report in this process, past the daemon and the collector's socket.") var direct =
        false

    func validate() throws {
        if noWait, direct { throw ValidationError("--no-wait asks the daemon, and --direct does not") }
    }

    func run() async throws {
        if noWait {
            _ = try await socket.status(.poke)
            return
        }
        let asksDaemon = unsafe !direct && options.isDefault && access(socket.path, F_OK) == 0
        let answer = asksDaemon ? try await ask() : try await report()
        print(output.json ? try Wire.pretty(answer) : Text.score(answer))
    }

    private func ask() async throws -> ReportAnswer {
        let answer: StatusAnswer
        do { answer = try await socket.ask(.report) } catch {
            complain("\(error)")
            throw ExitCode(2)
        }
        if answer.error == nil, let report = answer.status?.answer { return report }
        complain(answer.error ?? "the daemon says nothing")
        throw ExitCode(answer.status == nil ? 2 : 1)
    }

    private func report() async throws -> ReportAnswer {
        let delivery = try configured {
            var configuration = try options.configuration()
            // As the collector does: systemd-run(1) makes this process one.
            if let directory = Environment.stateDirectory { configuration.keyDirectory = directory }
            let collector = try configuration.localCollector(root: options.root, now: Timestamp.now)
            return try configuration.delivery(from: collector, now: Timestamp.now, warn: complain)
        }
        do { return try await delivery.report() } catch {
            complain("\(error)")
            throw ExitCode(1)
        }
    }
}
