import Foundation
import Glibc
import LocalSocket
import TestSupport
import Testing

@testable import LocalSocket

@Suite("A socket of this machine", .timeLimit(.minutes(20)))
struct LocalServerTests {
    /// A busy machine may take its time.
    let patience = Duration.seconds(900)
    let path: String
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory("socket")
        path = directory.file("s")
    }

    func serving(_ handler: @escaping LocalServer.Handler) throws -> LocalServer {
        let server = try LocalServer(at: path, mode: 0o666, handler: handler)
        server.start()
        return server
    }

    @Test("answers whole messages, and knows who asks")
    func exchange() async throws {
        let server = try serving { request, peer in
            peer.user == geteuid() && peer.process == getpid() ? Array(request.reversed()) : []
        }
        defer { server.stop() }
        for size in [0, 1, 4096] {
            let request = (0..<size).map { UInt8($0 % 251) }
            #expect(try await ask(at: path, request, limit: 4096, within: patience) == request.reversed())
        }
    }

    @Test("refuses more than it takes, and serves the next")
    func tooLong() async throws {
        let server = try serving { _, _ in Array("well".utf8) }
        defer { server.stop() }
        // Closed upon, be it while more is on its way.
        for size in [4097, 10_000_000] {
            let long = [UInt8](repeating: 1, count: size)
            #expect(try await ask(at: path, long, limit: 100, within: patience) == [])
        }
        #expect(try await ask(at: path, [1], limit: 100, within: patience) == Array("well".utf8))
    }

    @Test("takes no more of an answer than was asked for")
    func longAnswer() async throws {
        let server = try serving { _, _ in Array(repeating: 1, count: 1_000_000) }
        defer { server.stop() }
        let error = await #expect(throws: LocalSocketError.self) {
            try await ask(at: path, [1], limit: 999_999, within: patience)
        }
        #expect(error?.code == .tooLong)
        #expect(try await ask(at: path, [1], limit: 1_000_000, within: patience).count == 1_000_000)
    }

    @Test("gives up on whoever connects and says nothing, and serves others meanwhile")
    func silent() async throws {
        let server = try serving { request, _ in request }
        defer { server.stop() }
        let mute = try LocalConnection(to: path)
        #expect(try await ask(at: path, [1], limit: 100, within: patience) == [1])
        // The server closes: an empty answer.
        #expect(try mute.receive(limit: 100, within: patience) == [])
    }

    @Test("says that nobody listens, and that an answer does not come")
    func errors() async throws {
        var error = await #expect(throws: LocalSocketError.self) {
            try await ask(at: path, [], limit: 1, within: patience)
        }
        #expect(error?.code == .nobodyListens)
        error = await #expect(throws: LocalSocketError.self) {
            try await ask(at: String(repeating: "x", count: 108), [], limit: 1, within: patience)
        }
        #expect(error?.code == .pathTooLong)
        let server = try serving { _, _ in
            try? await Task.sleep(for: .seconds(600))
            return []
        }
        defer { server.stop() }
        error = await #expect(throws: LocalSocketError.self) {
            try await ask(at: path, [], limit: 1, within: .milliseconds(50))
        }
        #expect(error?.code == .timedOut)
    }

    @Test("replaces the socket of a dead process, and no living one's")
    func replaced() async throws {
        do {
            // Gone without a word, as after SIGKILL: the path stays.
            _ = try LocalServer(at: path, mode: 0o600) { _, _ in [] }
        }
        let server = try serving { _, _ in [2] }
        defer { server.stop() }
        #expect(try await ask(at: path, [], limit: 1, within: patience) == [2])
        let error = #expect(throws: LocalSocketError.self) {
            try LocalServer(at: path, mode: 0o600) { _, _ in [] }
        }
        #expect(error?.code == .inUse)
        #expect(try await ask(at: path, [], limit: 1, within: patience) == [2])
    }

    @Test("is no file, and no socket of another kind")
    func adopted() throws {
        let others = [
            unsafe open("/dev/null", O_RDWR), socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue), 0),
            socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0),
        ]
        for descriptor in others {
            let error = #expect(throws: LocalSocketError.self) {
                _ = try LocalConnection(adopting: descriptor, path: "fd")
            }
            #expect(error?.code == .notAConnection)
        }
    }
}

@Suite("The rate of a user's requests")
struct RateLimitTests {
    @Test("is a burst, and then so many a second, for each user")
    func bucket() {
        var limit = RateLimit(burst: 3, rate: 2)
        func asked(_ times: Int, by user: UInt32 = 1000, at now: Double) -> Int {
            (0..<times).count { _ in limit.allows(user, at: now) }
        }
        #expect(asked(5, at: 0) == 3)
        #expect(asked(1, by: 1001, at: 0) == 1)
        #expect(asked(3, at: 1) == 2)
        #expect(asked(5, at: 100) == 3)
    }

    @Test("is remembered for so many users and no more")
    func bounded() {
        var limit = RateLimit(burst: 2, rate: 1)
        let allowed = (UInt32(0)...256).count { limit.allows($0, at: 0) }
        #expect(allowed == 256)
        let known = limit.allows(0, at: 0)
        #expect(known)
        let later = limit.allows(256, at: 10)
        #expect(later)
    }
}
