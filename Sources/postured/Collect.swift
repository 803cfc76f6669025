internal import Agent
internal import ArgumentParser
internal import Glibc
internal import LocalSocket
internal import PostureModel
internal import SystemdBridge

struct Collect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer one request for a signed report, and end. Started by postured-collector.socket.",
        shouldDisplay: false
    )

    @OptionGroup var options: Options
    @Option(help: "The user whose requests are answered, besides root's.") var user = "postured"

    func run() async throws {
        do {
            let descriptor = try ServiceManager.acceptedConnection()
            let connection = try LocalConnection(adopting: descriptor, path: "the collector's socket")
            try check(connection.peer)
            let request = try connection.receive(limit: CollectorRequest.limit, within: .seconds(5))
            let collector = CollectorServer(
                configuration: options.config,
                keyDirectory: Environment.stateDirectory,
                root: options.root,
                credentials: Environment.credentials,
                now: Timestamp.now
            )
            let answer = await collector.answer(request)
            try connection.send(answer, within: .seconds(5))
        } catch {
            complain("\(error)")
            // This counts as a connection for as long as it runs, and of those there are a few at a time: whoever asks
            // wrongly without end fills no journal.
            sleep(1)
            throw ExitCode(1)
        }
        // Nothing that is still open is worth waiting for.
        _exit(0)
    }

    /// The socket's mode keeps others out; this does too, should somebody change it.
    private func check(_ peer: LocalConnection.Peer) throws {
        guard peer.user != 0 else { return }
        let entry = unsafe getpwnam(user)
        guard let entry = unsafe entry, unsafe entry.pointee.pw_uid == peer.user else {
            throw ValidationError("process \(peer.process) of user \(peer.user) may not ask: only \(user) and root may")
        }
    }
}
