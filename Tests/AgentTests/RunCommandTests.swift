import Dispatch
import Foundation
import Glibc
import PostureModel
import TestSupport
import Testing

@Suite("The command 'run'", .timeLimit(.minutes(5)))
struct RunCommandTests {
    let machine: TestMachine

    init() throws { machine = try TestMachine() }

    @Test("refuses a wrong configuration, and does not say that it is ready")
    func wrong() throws {
        try machine.write("interval = \"a\"")
        let ending = try machine.postured("run")
        #expect(ending.status != 0)
        #expect(ending.output.isEmpty)
        #expect(ending.errors.contains("\(machine.config): 'interval': is a number with a unit"))
    }

    @Test("says that it is ready, how it fares, and that it stops", arguments: [SIGTERM, SIGINT])
    func notifications(signal: CInt) throws {
        let notify = try NotifySocket()
        try machine.configure(scorer: "http://127.0.0.1:\(try closedPort())")
        let program = try machine.run(notify: notify)
        #expect(notify.next() == "READY=1")
        let status = try #require(notify.next(where: { $0.hasPrefix("STATUS=") && $0.contains("cannot report") }))
        #expect(
            status.hasPrefix("STATUS=never reported, cannot report: the scorer cannot be reached: http://127.0.0.1:")
        )
        #expect(status.contains(", next in "))
        program.signal(signal)
        #expect(notify.next(where: { !$0.hasPrefix("STATUS=") }) == "STOPPING=1")
        let ending = program.wait()
        #expect(ending.status == 0)
        #expect(ending.output.isEmpty)
        #expect(ending.errors.contains("cannot report; will try again"))
    }

    @Test("uses an enrolment token that comes at once, and reports once more when it has deleted it")
    func token() throws {
        let scorer = try FakeScorer([.problem(.unknownDevice), .problem(.enrolmentRefused), .score(41), .score(42)])
        let token = machine.fixture.directory.file("token")
        try machine.write(
            """
            state_directory = "\(machine.fixture.directory.file("state"))"
            interval = "86400s"
            [scorer]
            url = "\(scorer.server.url)"
            enrolment_token_file = "\(token)"
            """
        )
        let notify = try NotifySocket()
        try withExtendedLifetime(machine.run(notify: notify)) { _ in
            try #require(notify.next { $0.hasPrefix("STATUS=") && $0.contains("cannot report") } != nil)
            try machine.fixture.directory.write("pet_secret".utf8, to: "token")
            #expect(notify.next { $0.hasPrefix("STATUS=score 41") } != nil)
            #expect(notify.next { $0.hasPrefix("STATUS=score 42") } != nil)
            #expect(!FileManager.default.fileExists(atPath: token))
        }
    }

    @Test("ends at SIGTERM while the scorer hangs, and does not wait for it", arguments: ["/v1/nonce", "/v1/reports"])
    func hanging(path: String) throws {
        let isAsked = DispatchSemaphore(value: 0)
        let server = try LoopbackServer { request, connection in
            guard request.path == path else { return connection.answer(204, ["Replay-Nonce": "nonce-1"]) }
            isAsked.signal()
            connection.waitForEnd(seconds: 150)
        }
        let notify = try NotifySocket()
        try machine.configure(scorer: server.url)
        let program = try machine.run(notify: notify)
        #expect(notify.next() == "READY=1")
        try #require(isAsked.wait(timeout: .now() + 120) == .success)
        program.signal(SIGTERM)
        let ending = program.wait()
        #expect(ending.status == 0, "\(ending.errors)")
        #expect(!ending.errors.contains("cannot report"), "the report was not waited for: \(ending.errors)")
        #expect(notify.next(where: { !$0.hasPrefix("STATUS=") }) == "STOPPING=1")
    }

    @Test("makes the device's key in its state directory before it is ready")
    func key() throws {
        let notify = try NotifySocket()
        try machine.configure(scorer: "http://127.0.0.1:\(try closedPort())")
        try withExtendedLifetime(machine.run(notify: notify)) { _ in
            #expect(notify.next() == "READY=1")
            #expect(FileManager.default.fileExists(atPath: machine.fixture.directory.file("state/device-key.pem")))
        }
    }

    @Test("hears a signal that comes as soon as it is ready", arguments: 1...10)
    func early(round: Int) throws {
        let notify = try NotifySocket()
        try machine.configure(scorer: "http://127.0.0.1:\(try closedPort())")
        let program = try machine.run(notify: notify)
        #expect(notify.next() == "READY=1")
        program.signal(SIGTERM)
        #expect(program.wait().status == 0)
    }
}
