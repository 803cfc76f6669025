internal import ArgumentParser
internal import PostureModel
internal import ScorerCore

struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what a device scores, why, and what to do, in the words that the device itself gets."
    )

    @OptionGroup var options: ConfigurationOption
    @Argument(help: "The device: its id or the beginning of it, its serial number, or its host name.") var device:
        String
    @Option(help: "The moment to score its newest report at, such as 2026-11-22T18:00:00Z, or 7d for in seven days.")
    var at: String?

    func run() async throws {
        let now = Timestamp.now()
        let time = try at.map { text in
            guard let time = Timestamp(rfc3339: text) ?? seconds(ofDuration: text).map({ now.adding(seconds: $0) })
            else {
                throw ValidationError("--at is a time as 2026-11-22T18:00:00Z, or as 90m, 12h, 7d or 2w from now")
            }
            return time
        }
        let explanation = try await options.scorer().explainScore(of: device, at: time, now: now)
        for line in explanation.lines(at: time) { print(line) }
    }
}
