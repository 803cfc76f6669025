internal import ArgumentParser
internal import Daemon
internal import PostureModel

struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show how the score came about: each rule, its points, and what to do about it.",
        discussion: "Works for any user. Exit status: 0 all points, 1 points are missing or no score yet, 2 no daemon."
    )

    @OptionGroup var socket: SocketOption
    @OptionGroup var output: JSONOption

    func run() async throws {
        let status = try await socket.status(.look)
        if output.json {
            print(try Wire.pretty(status))
        } else {
            print(Text.explanation(status))
        }
        throw ExitCode(status.answer?.score.value == 100 ? 0 : 1)
    }
}
