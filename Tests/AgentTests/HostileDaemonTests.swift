import Blocking
import Foundation
import LocalSocket
import PostureModel
import TestSupport
import Testing

/// A daemon that was taken over answers root's questions.
@Suite("What the daemon says, on a terminal", .timeLimit(.minutes(5)))
struct HostileDaemonTests {
    let machine: TestMachine

    init() throws {
        machine = try TestMachine()
        try machine.configure(scorer: "http://127.0.0.1:\(try closedPort())")
    }

    private static let text = #"\u001b]0;x\u0007\u001b[2J\u009b31m\u202e\u2028\n"# + "\u{9b}31m\u{202e}\u{1b}"

    private static let status: String = {
        let rule =
            #"{"rule":"\#(text)","points":1,"available":2,"reason":"\#(text)","outcome":"\#(text)","advice":"\#(text)"}"#
        let score = #"{"score":50,"rules":[\#(rule)],"cap":"\#(text)","group":"\#(text)"}"#
        let device = String(repeating: "A", count: 43)
        let answer = #"{"device":"\#(device)","score":\#(score),"received_at":1,"next_report_in":300}"#
        return
            #"{"agent":"\#(text)","now":253402300799,"scorer":"\#(text)","answer":\#(answer),"answered_at":-62135596800,"#
            + #""pending_since":-62135596800,"error":"\#(text)","failing_since":1,"next_report_at":-62135596800,"#
            + #""configuration_flaw":"\#(text)","unwatched":["\#(text)"]}"#
    }()

    private static let answers = [
        #"{"version":1,"status":\#(status)}"#, #"{"version":1,"status":\#(status),"error":"\#(text)"}"#,
        #"{"version":1,"error":"\#(text)"}"#, #"{"version":1,"status":{"\#(text)":1}}"#, text, "",
    ]

    /// Runs the program off the pool, whose threads the daemon answers on.
    private func run(_ command: [String]) async throws -> Program.Ending {
        try await BlockingQueue(label: "test.postured").run { [machine] in
            try runProgram(TestMachine.postured, command + ["--socket", machine.socket])
        }
    }

    @Test("steers none, whatever it is", arguments: answers)
    func shown(answer: String) async throws {
        let server = try LocalServer(at: machine.socket, mode: 0o600) { _, _ in Array(answer.utf8) }
        server.start()
        defer { server.stop() }
        for command in [
            ["status"], ["status", "--json"], ["explain"], ["explain", "--json"], ["report"], ["report", "--json"],
            ["report", "--no-wait"], ["doctor", "--config", machine.config],
            ["doctor", "--json", "--config", machine.config],
        ] {
            let ending = try await run(command)
            let scalars = (ending.output + ending.errors).unicodeScalars.filter { $0 != "\n" }
            #expect(scalars.allSatisfy { !$0.isHidden }, "\(command): \(ending.output)\(ending.errors)")
            #expect(!ending.output.isEmpty || !ending.errors.isEmpty || command.contains("--no-wait"), "\(command)")
            #expect((0...2).contains(ending.status), "\(command): \(ending.status)")
        }
    }

    @Test("is printable in a bundle, too")
    func bundle() async throws {
        let server = try LocalServer(at: machine.socket, mode: 0o600) { _, _ in Array(Self.answers[1].utf8) }
        server.start()
        defer { server.stop() }
        var bytes: [UInt8] = []
        // A bundle waits for the daemon for three seconds, which a busy machine may need for something else.
        for number in 0..<20 where bytes.firstRange(of: Array(#"]0;x"#.utf8)) == nil {
            let path = machine.fixture.directory.file("bundle-\(number).tar")
            #expect(try await run(["bundle", "--config", machine.config, "--output", path]).status == 0)
            bytes = [UInt8](try contents(of: path))
        }
        #expect(bytes.firstRange(of: Array(#"]0;x"#.utf8)) != nil)
        for hidden in ["\u{1b}", "\u{9b}", "\u{202e}", #"\u001b"#, #"\u009b"#, #"\u202e"#] {
            #expect(bytes.firstRange(of: Array(hidden.utf8)) == nil, "\(hidden.unicodeScalars.first?.value ?? 0)")
        }
    }

    @Test("does not keep a report back that goes past it, with the key of the directory that systemd names")
    func direct() async throws {
        let server = try LocalServer(at: machine.socket, mode: 0o600) { _, _ in Array(Self.answers[2].utf8) }
        server.start()
        defer { server.stop() }
        let missing = try await run(["report", "--direct"])
        #expect(missing.status == 2)
        #expect(missing.errors.contains("/etc/postured/postured.toml"), "it reads the configuration by itself")
        let scorer = try FakeScorer([.score(90)])
        try machine.configure(scorer: scorer.server.url)
        let keys = machine.fixture.directory.file("keys")
        let arguments = ["report", "--direct", "--config", machine.config, "--socket", machine.socket]
        let ending = try await BlockingQueue(label: "test.postured").run {
            try runProgram(TestMachine.postured, arguments, environment: ["STATE_DIRECTORY": keys])
        }
        #expect(ending.status == 0, "\(ending.errors)")
        #expect(ending.output.hasPrefix("score 90 of 100"))
        #expect(FileManager.default.fileExists(atPath: "\(keys)/device-key.pem"))
    }
}
