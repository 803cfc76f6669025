internal import Agent
internal import ArgumentParser
internal import PostureModel
internal import Reporting

struct ReportNow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Report once, now, and print the score and how it came about.",
        discussion: "Exit status: 0 delivered, 1 not delivered, 2 wrong configuration."
    )

    @OptionGroup var options: Options
    @OptionGroup var output: JSONOption

    func run() async throws {
        let delivery = try configured {
            let configuration = try options.configuration()
            return try configuration.delivery(from: configuration.source(root: options.root, now: Timestamp.now))
        }
        let answer: ReportAnswer
        do { answer = try await delivery.report() } catch {
            complain("\(error)")
            throw ExitCode(1)
        }
        print(output.json ? try Wire.pretty(answer) : Text.score(answer))
    }
}
