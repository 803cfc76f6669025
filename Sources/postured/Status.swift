internal import ArgumentParser
internal import Daemon
internal import PostureModel

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the last score, whether reports arrive, and when the next is due.",
        discussion: "Works for any user. Exit status: 0 the scorer knows the newest state, 1 it does not, 2 no daemon."
    )

    @OptionGroup var socket: SocketOption
    @OptionGroup var output: JSONOption

    func run() async throws {
        let status = try await socket.status(.status)
        print(output.json ? try Wire.pretty(status) : Text.status(status))
        throw ExitCode(status.isWell ? 0 : 1)
    }
}
