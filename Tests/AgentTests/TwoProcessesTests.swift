import Blocking
import Files
import Foundation
import Glibc
import LocalSocket
import PostureModel
import TestSupport
import Testing

@testable import Agent

/// The daemon as it is built, a collector of another key directory behind a socket, and reports past both.
@Suite("The daemon and its collector", .timeLimit(.minutes(5)))
struct TwoProcessesTests {
    let machine: TestMachine
    let scorer: ModelScorer

    init() throws {
        machine = try TestMachine()
        scorer = try ModelScorer()
        try machine.configure(scorer: scorer.server.url, interval: 86_400)
    }

    private var keys: String { machine.fixture.directory.file("keys") }
    private var collector: String { machine.fixture.directory.file("collector.sock") }
    private var permits: PermitDirectory {
        PermitDirectory(machine.fixture.directory.path) {
            FileManager.default.fileExists(atPath: $0) ? .roots(path: $0) : .absent
        }
    }

    /// The collector's socket; each question is answered as by a process of its own.
    private func listen() throws -> LocalServer {
        let server = try LocalServer(at: collector, mode: 0o600) { [machine, keys, permits] request, _ in
            await CollectorServer(
                configuration: machine.config,
                keyDirectory: keys,
                permits: permits,
                root: TestDevice.root,
                credentials: nil,
                now: Timestamp.now
            ).answer(request)
        }
        server.start()
        return server
    }

    /// Starts the daemon, and waits for its first report.
    ///
    /// Not on a thread of the pool, where the collector answers.
    private func run() async throws -> Program {
        let count = scorer.reports.count
        let program = try Program(
            TestMachine.postured,
            ["run", "--config", machine.config, "--socket", machine.socket, "--collector", collector]
        )
        for _ in 0..<6000 where scorer.reports.count == count { try await Task.sleep(for: .milliseconds(10)) }
        try #require(scorer.reports.count > count, "\(program.errors)")
        // The receipt is stored before the daemon says that the report has ended.
        for _ in 0..<6000 {
            if let status = try? await tell("status"), !status.contains("\"pending_since\"") { return program }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw CancellationError()
    }

    /// What root asks the daemon for.
    private func tell(_ question: String) async throws -> String {
        let request = Array(#"{"version":1,"question":"\#(question)"}"#.utf8)
        let answer = try await ask(at: machine.socket, request, limit: 1 << 20, within: .seconds(60))
        return String(decoding: answer, as: UTF8.self)
    }

    /// Reports past the daemon, with the collector's key.
    private func reportDirectly() async throws -> Program.Ending {
        let arguments = ["report", "--direct", "--config", machine.config, "--socket", machine.socket]
        return try await BlockingQueue(label: "test.postured").run { [keys] in
            try runProgram(TestMachine.postured, arguments, environment: ["STATE_DIRECTORY": keys])
        }
    }

    @Test("show the same receipt as a report past them, before and after it, and also at the same time")
    func receipts() async throws {
        let server = try listen()
        defer { server.stop() }
        let daemon = try await run()
        #expect(try await reportDirectly().status == 0)
        #expect(try await !tell("report").contains("\"error\""))
        #expect(scorer.reports.map(\.receipt) == [nil, "receipt-1", "receipt-2"])
        async let direct = reportDirectly()
        for _ in 0..<5 { _ = try await tell("report") }
        _ = try await direct
        #expect(try await !tell("report").contains("receipt"), "anybody may see the status")
        #expect(scorer.alarms.isEmpty)
        #expect(Set(scorer.reports.map(\.device)).count == 1)
        withExtendedLifetime(daemon) {}
    }

    @Test("go on where a daemon was killed that waited for an answer")
    func killed() async throws {
        let server = try listen()
        defer { server.stop() }
        let daemon = try await run()
        scorer.loseAnswer()
        _ = try await tell("report")
        daemon.signal(SIGKILL)
        _ = daemon.wait()
        let next = try await run()
        _ = try await tell("report")
        #expect(scorer.alarms.isEmpty, "\(scorer.reports.map(\.receipt))")
        withExtendedLifetime(next) {}
    }

    @Test("replace the key by root's permit alone, and finish it although daemons come and go")
    func replacement() async throws {
        let server = try listen()
        defer { server.stop() }
        var daemon = try await run()
        let before = try contents(of: "\(keys)/device-key.pem")
        let refused = try await tell("replace-key")
        #expect(refused.contains("only root may retire the device or replace its key"), "\(refused)")
        #expect(try contents(of: "\(keys)/device-key.pem") == before)
        scorer.loseAnswer()
        let lost = try await permits.permitting(.keyReplacement) { try await tell("replace-key") }
        #expect(lost.contains("cannot be reached"), "\(lost)")
        daemon.signal(SIGKILL)
        _ = daemon.wait()
        daemon = try await run()
        #expect(try contents(of: "\(keys)/device-key.pem") != before)
        let again = try await permits.permitting(.keyReplacement) { try await tell("replace-key") }
        #expect(!again.contains("\"error\""), "\(again)")
        #expect(scorer.types.filter { $0 == .keyReplacement }.count == 3)
        #expect(scorer.records.count == 1)
        #expect(scorer.alarms.isEmpty)
        withExtendedLifetime(daemon) {}
    }

    @Test("discard a change that the scorer refuses to a copy, and report on", arguments: ["replace-key", "retire"])
    func refused(command: String) async throws {
        let server = try listen()
        defer { server.stop() }
        let daemon = try await run()
        let (key, receipts) = (try contents(of: "\(keys)/device-key.pem"), "\(keys)/receipts.json")
        let old = try contents(of: receipts)
        for _ in 0..<2 { _ = try await tell("report") }
        // The machine is at an earlier state, as a copy is.
        try Data(old).write(to: URL(filePath: receipts))
        let type = command == "retire" ? MessageType.retirement : .keyReplacement
        let refused = try await permits.permitting(type) { try await tell(command) }
        #expect(refused.contains("\"error\":\"nothing was changed: two machines have this key"), "\(refused)")
        for _ in 0..<3000 where scorer.reports.count < 4 { try await Task.sleep(for: .milliseconds(10)) }
        #expect(scorer.reports.count == 4, "a report follows by itself")
        // At the end of this one its receipt is stored.
        _ = try await tell("report")
        // One that waits, and that nobody asks for any more.
        scorer.fates(.isLost, .isLost)
        try Data(old).write(to: URL(filePath: receipts))
        let lost = try await permits.permitting(type) { try await tell(command) }
        #expect(lost.contains("cannot be reached"), "\(lost)")
        for _ in 0..<3000 where scorer.reports.count < 6 { try await Task.sleep(for: .milliseconds(10)) }
        #expect(scorer.reports.count == 6 && Set(scorer.types) == [.registration, .report])
        #expect(try contents(of: "\(keys)/device-key.pem") == key)
        let files = try FileManager.default.contentsOfDirectory(atPath: keys)
        #expect(!files.contains("retired") && !files.contains("device-key.new.pem"))
        withExtendedLifetime(daemon) {}
    }

    @Test("retire the device by root's permit alone, and report no more")
    func retirement() async throws {
        let server = try listen()
        defer { server.stop() }
        let daemon = try await run()
        #expect(try await tell("retire").contains("only root may retire the device or replace its key"))
        #expect(scorer.records.count == 1)
        let retired = try await permits.permitting(.retirement) { try await tell("retire") }
        #expect(retired.contains("\"retired\":true"), "\(retired)")
        #expect(scorer.records.isEmpty)
        let count = scorer.types.count
        #expect(try await tell("report").contains("this device has retired and reports no more"))
        #expect(scorer.types.count == count)
        #expect(try FileManager.default.contentsOfDirectory(atPath: keys).sorted().contains("retired"))
        #expect(!FileManager.default.fileExists(atPath: "\(keys)/device-key.pem"))
        withExtendedLifetime(daemon) {}
    }
}
