internal import Agent
internal import ArgumentParser
internal import Daemon
internal import Glibc
internal import LocalSocket
internal import PostureModel

/// Where the daemon is asked.
struct SocketOption: ParsableArguments {
    static let defaultPath = "/run/postured/status.sock"

    @Option(name: .customLong("socket"), help: "The daemon's socket.", completion: .file())
    var path = SocketOption.defaultPath

    /// The daemon's answer.
    ///
    /// - Throws: an error that says what to do, where nobody answers.
    func ask(_ question: StatusQuestion) async throws -> StatusAnswer {
        let patience: Duration = question == .status ? .seconds(10) : .seconds(600)
        let reply = try await LocalSocket.ask(
            at: path,
            Wire.encode(StatusRequest(question)),
            limit: StatusAnswer.limit,
            within: patience
        )
        guard !reply.isEmpty else {
            throw ValidationError("\(path): the daemon has no time for this user now: try again in a moment")
        }
        return try StatusAnswer(received: reply)
    }

    /// The status that the daemon answers with; where there is none, says why and ends the program with status 2.
    func status(_ question: StatusQuestion) async throws -> AgentStatus {
        do {
            let answer = try await ask(question)
            if let status = answer.status { return status }
            complain(answer.error ?? "the daemon says nothing")
        } catch {
            complain("\(error)")
            if (error as? LocalSocketError)?.code == .nobodyListens { complain(ServiceAdvice.noDaemon) }
        }
        throw ExitCode(2)
    }

    /// What the daemon sees on the machine; where it cannot look, says why and ends the program with status 2.
    func view() async throws -> MachineView {
        let status = try await status(.look)
        if let view = status.view { return view }
        complain(status.error ?? "the daemon has not looked yet: try again in a moment")
        throw ExitCode(2)
    }

    /// Whether the daemon is the one to ask: this user cannot look by itself.
    var isNeeded: Bool {
        unsafe geteuid() != 0 && access(path, F_OK) == 0
    }
}
