internal import Blocking
internal import CLinuxShims
internal import Glibc
internal import Synchronization

/// Answers requests at a socket of this machine, for any user, within bounds.
///
/// One connection is one request of at most 4 KiB and one answer. Root and the process's own user are always served;
/// the others have a few connections between them, and each a rate: a connection beyond that is closed.
package final class LocalServer: Sendable {
    /// Makes the answer to a request.
    package typealias Handler = @Sendable (_ request: [UInt8], _ peer: LocalConnection.Peer) async -> [UInt8]

    private static let requestLimit = 4 * 1024
    private static let connectionLimit = 8

    private let descriptor: CInt
    private let path: String
    private let handler: Handler
    private let gate = Gate()
    private let executor: (any TaskExecutor)?
    private let listening = BlockingQueue(label: "postured.listen")

    /// Listens at `path`, with a socket of the given mode; one that a dead process left there is replaced.
    ///
    /// `handler` runs on `executor`, if there is one.
    ///
    /// - Throws: ``LocalSocketError``, where somebody else listens there too.
    package init(
        at path: String,
        mode: UInt32,
        on executor: (any TaskExecutor)? = nil,
        handler: @escaping Handler
    ) throws(LocalSocketError) {
        self.path = path
        self.executor = executor
        self.handler = handler
        do throws(LocalSocketError) {
            _ = try LocalConnection(to: path)
            throw LocalSocketError(.inUse, path)
        } catch {
            if error.code == .inUse { throw error }
        }
        unsafe unlink(path)
        descriptor = try LocalConnection.open(path)
        let descriptor = descriptor
        // The mode is set before anybody can connect: a bound socket takes no connections until it listens.
        guard unsafe try withAddress(path, { unsafe bind(descriptor, $0, $1) }) == 0, unsafe chmod(path, mode) == 0,
            listen(descriptor, 16) == 0
        else {
            let error = LocalSocketError(errno: errno, path)
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    /// Serves from now on, on threads of its own.
    package func start() {
        listening.start { [self] in
            while true {
                let connection = CLinuxShims_accept(descriptor)
                switch connection {
                case 0...: serve(connection)
                case -EINTR, -ECONNABORTED: break
                case -EINVAL, -EBADF: return
                // Out of descriptors or memory: what is open now will end.
                default: usleep(100_000)
                }
            }
        }
    }

    /// Takes no further connections.
    package func stop() {
        shutdown(descriptor, CInt(SHUT_RDWR))
        unsafe unlink(path)
    }

    private func serve(_ descriptor: CInt) {
        guard let connection = try? LocalConnection(adopting: descriptor, path: path) else { return }
        let peer = connection.peer
        guard gate.enter(peer.user) else { return }
        let handed = Handed(connection)
        // A thread for each, which ends with it: a slow peer keeps no other waiting.
        let thread = BlockingQueue(label: "postured.serve")
        thread.start { [self] in
            guard let connection = handed.take(),
                let request = try? connection.receive(limit: Self.requestLimit, within: .seconds(2))
            else { return gate.leave(peer.user) }
            let answering = Handed(connection)
            Task(executorPreference: executor) { [self] in
                let answer = await handler(request, peer)
                thread.start { [self] in
                    try? answering.take()?.send(answer, within: .seconds(2))
                    gate.leave(peer.user)
                }
            }
        }
    }

    /// Who may come in.
    private final class Gate: Sendable {
        private let state = Mutex((inside: [UInt32: Int](), rates: RateLimit(burst: 20, rate: 2)))

        func enter(_ user: UInt32) -> Bool {
            let isTrusted = user == 0 || user == geteuid()
            let now = ContinuousClock.now - Self.start
            return state.withLock { state in
                if !isTrusted {
                    let others = state.inside.reduce(0) { $0 + ($1.key == 0 || $1.key == geteuid() ? 0 : $1.value) }
                    guard others < LocalServer.connectionLimit, state.inside[user, default: 0] < 4,
                        state.rates.allows(user, at: Double(now.components.seconds))
                    else { return false }
                } else if state.inside[user, default: 0] >= 64 {
                    return false
                }
                state.inside[user, default: 0] += 1
                return true
            }
        }

        func leave(_ user: UInt32) {
            state.withLock { state in
                state.inside[user, default: 1] -= 1
                if state.inside[user] == 0 { state.inside[user] = nil }
            }
        }

        private static let start = ContinuousClock.now
    }
}

/// A connection on its way from one thread to another: a closure cannot consume what it captures.
private final class Handed: Sendable {
    private let place: Mutex<LocalConnection?>

    init(_ connection: consuming LocalConnection) { place = Mutex(connection) }

    func take() -> LocalConnection? { place.withLock { $0.take() } }
}
