internal import ArgumentParser
internal import PostureModel

struct ReplaceKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Replace the device's key by a new one, report, and print the score. The device stays the same.",
        discussion: """
            For root. Where the daemon runs, it sends the message, which both keys sign; without one, with a configuration of \
            its own, or with --direct, this process does. Where the scorer's answer is lost, nothing is reported until the \
            same message has been answered; where it refuses, since two machines have the device's key, nothing changes. \
            Exit status: 0 replaced, 1 not or not yet, 2 wrong configuration, or the daemon will not.
            """
    )

    @OptionGroup var delivery: DeliveryOptions

    func run() async throws {
        let answer = try await delivery.report(first: .keyReplacement)
        print(delivery.output.json ? try Wire.pretty(answer) : "the device's key is replaced\n\(Text.score(answer))")
    }
}
