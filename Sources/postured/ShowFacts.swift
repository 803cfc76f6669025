internal import Agent
internal import ArgumentParser
internal import Glibc
internal import PostureModel

struct ShowFacts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "facts",
        abstract: "Show what would be reported. Sends nothing, changes nothing.",
        discussion: """
            Without a configuration at the usual place, shows the facts alone. Whoever is not root is shown what the daemon \
            sees, without serial numbers.
            """
    )

    @OptionGroup var options: Options
    @OptionGroup var socket: SocketOption
    @OptionGroup var output: JSONOption

    func run() async throws {
        let view = options.isDefault && socket.isNeeded ? try await socket.view() : try await look()
        print(output.json ? try Wire.pretty(view) : Text.facts(view))
    }

    private func look() async throws -> MachineView {
        let isMissing = unsafe options.config == Options.defaultConfig && access(options.config, F_OK) != 0
        let configuration = isMissing ? .empty : try configured { try options.configuration() }
        return try await looking {
            try await HostInspector(root: options.root, configuration: configuration).look(Timestamp.now)
        }
    }
}
