internal import ArgumentParser
internal import Doctor
internal import PostureModel

struct Examine: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at everything that a report depends on, and say what to do about what is wrong.",
        discussion: """
            Works for any user, and says what only root could see. Exit status: 0 nothing failed, 1 something did, 2 neither \
            the configuration nor the daemon could be seen.
            """
    )

    @OptionGroup var options: Options
    @OptionGroup var socket: SocketOption
    @OptionGroup var output: JSONOption

    func run() async throws {
        let diagnosis = await Examination(of: subject(options, socket), now: Timestamp.now).run()
        print(output.json ? try Wire.pretty(diagnosis) : Text.diagnosis(diagnosis))
        throw ExitCode(diagnosis.exitStatus)
    }
}

/// What is examined, and goes into a bundle.
func subject(_ options: Options, _ socket: SocketOption) -> Examination.Subject {
    Examination.Subject(
        configuration: options.config,
        root: options.root,
        credentials: Environment.credentials,
        socket: socket.path,
        environment: Environment.proxies
    )
}
