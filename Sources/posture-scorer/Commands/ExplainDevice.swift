internal import ArgumentParser
internal import PostureModel
internal import ScorerCore

struct ExplainDevice: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explain the score of a device, and what improves it."
    )

    @OptionGroup var options: ConfigurationOption
    @OptionGroup var device: DeviceArgument
    @Option(help: "Score the newest report as of this time: 2026-11-22T18:00:00Z, or 7d for in seven days.")
    var at: String?

    func run() async throws {
        let now = Timestamp.now()
        let time = try at.map { text in
            guard let time = Timestamp(rfc3339: text) ?? TimeSpan(text).map({ now.adding(seconds: $0.seconds) })
            else {
                throw ValidationError(
                    "--at is a time such as 2026-11-22T18:00:00Z, or a time from now: \(TimeSpan.examples)"
                )
            }
            return time
        }
        let explanation = try await options.scorer().devices.explain(
            device.name,
            at: time ?? now,
            as: try options.commands()
        )
        for line in explanation.lines(at: time) { print(line) }
    }
}
