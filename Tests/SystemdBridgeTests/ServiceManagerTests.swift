import Glibc
import TestSupport
import Testing

@testable import SystemdBridge

/// The environment is the whole process's: what depends on it has a process of its own.
@Suite("What passes between the service manager and a service", .timeLimit(.minutes(5)))
struct ServiceManagerTests {
    /// Seconds of the clock that the service manager compares with.
    static func monotonic() -> Int {
        var now = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        return now.tv_sec
    }

    @Test("the service says how it is")
    func notifications() async throws {
        let start = Self.monotonic()
        let notify = try NotifySocket()
        await #expect(processExitsWith: .success) { [path = notify.path as String] in
            unsafe setenv("NOTIFY_SOCKET", path, 1)
            ServiceManager.ready()
            ServiceManager.status("score 92,\nreported just now")
            ServiceManager.watchdog()
            ServiceManager.extendTimeout(by: .seconds(90))
            ServiceManager.reloading()
            ServiceManager.stopping()
        }
        #expect(notify.next() == "READY=1")
        #expect(notify.next() == "STATUS=score 92, reported just now")
        #expect(notify.next() == "WATCHDOG=1")
        #expect(notify.next() == "EXTEND_TIMEOUT_USEC=90000000")
        let reload = try #require(notify.next()).split(separator: "\n")
        #expect(reload.first == "RELOADING=1")
        let moment = try #require(reload.last.flatMap { UInt64($0.dropFirst("MONOTONIC_USEC=".count)) })
        #expect((start...Self.monotonic()).contains(Int(moment / 1_000_000)))
        #expect(notify.next() == "STOPPING=1")
    }

    @Test("the manager says how long it waits for a sign of life")
    func watchdog() async {
        await #expect(processExitsWith: .success) {
            unsafe unsetenv("WATCHDOG_USEC")
            #expect(ServiceManager.watchdogInterval == nil)
            unsafe setenv("WATCHDOG_USEC", "30000000", 1)
            unsafe setenv("WATCHDOG_PID", "\(getpid())", 1)
            #expect(ServiceManager.watchdogInterval == .seconds(30))
            // Meant for another process.
            unsafe setenv("WATCHDOG_PID", "1", 1)
            #expect(ServiceManager.watchdogInterval == nil)
            unsafe setenv("WATCHDOG_PID", "\(getpid())", 1)
            unsafe setenv("WATCHDOG_USEC", "soon", 1)
            #expect(ServiceManager.watchdogInterval == nil)
        }
    }

    @Test("a process that was passed no connection, or several, has none")
    func count() async {
        await #expect(processExitsWith: .success) {
            #expect(throws: ConnectionError.wrongCount(0)) { try ServiceManager.acceptedConnection() }
            // Whatever 3 and 4 are, they are open.
            while unsafe open("/dev/null", O_RDONLY) < 5 {}
            unsafe setenv("LISTEN_FDS", "2", 1)
            unsafe setenv("LISTEN_PID", "1", 1)
            #expect(throws: ConnectionError.wrongCount(0)) { try ServiceManager.acceptedConnection() }
            unsafe setenv("LISTEN_FDS", "2", 1)
            unsafe setenv("LISTEN_PID", "\(getpid())", 1)
            #expect(throws: ConnectionError.wrongCount(2)) { try ServiceManager.acceptedConnection() }
            // No child takes them for its own.
            #expect(unsafe getenv("LISTEN_FDS") == nil && getenv("LISTEN_PID") == nil)
        }
    }

    @Test("a connection is known by its kind")
    func connection() throws {
        let (near, far) = try socketPair(SOCK_STREAM)
        defer { [near, far].forEach { _ = close($0) } }
        try ServiceManager.requireConnection(near)
    }

    @Test("nothing else is a connection", arguments: Other.allCases)
    func other(kind: Other) throws {
        let descriptor = try kind.descriptor()
        defer { close(descriptor) }
        #expect(throws: ConnectionError.wrongKind) { try ServiceManager.requireConnection(descriptor) }
    }

    enum Other: CaseIterable {
        case file, datagrams, internet, listening

        func descriptor() throws -> CInt {
            let stream = CInt(SOCK_STREAM.rawValue)
            switch self {
            case .file: return unsafe open("/dev/null", O_RDONLY)
            case .datagrams:
                let (near, far) = try socketPair(SOCK_DGRAM)
                close(far)
                return near
            case .internet: return socket(AF_INET, stream, 0)
            case .listening:
                let listener = socket(AF_UNIX, stream, 0)
                var address = sockaddr()
                address.sa_family = sa_family_t(AF_UNIX)
                // An address of the family alone makes the kernel choose a name.
                try #require(unsafe bind(listener, &address, 2) == 0 && listen(listener, 1) == 0)
                return listener
            }
        }
    }
}

private func socketPair(_ type: __socket_type) throws -> (near: CInt, far: CInt) {
    var pair: [CInt] = [-1, -1]
    try #require(unsafe socketpair(AF_UNIX, CInt(type.rawValue), 0, &pair) == 0)
    return (pair[0], pair[1])
}
