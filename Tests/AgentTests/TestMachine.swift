import Foundation
import TestSupport

/// The built program with a configuration, a state directory and a database of its own.
struct TestMachine {
    /// Trees of files of other hosts.
    static let hosts = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../CollectorsTests/Fixtures").standardizedFileURL.path
    /// The program, built beside the tests.
    static let postured = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "postured").path

    let fixture: CheckFixture
    let config: String
    var socket: String { fixture.directory.file("status.sock") }

    init() throws {
        fixture = try CheckFixture()
        config = fixture.directory.file("postured.toml")
        try configure(scorer: nil)
    }

    func write(_ text: String) throws {
        try fixture.directory.write(text.utf8, to: "postured.toml")
    }

    /// Writes a configuration with a check, and with a scorer if there is one.
    func configure(scorer: String?, interval: Int = 300) throws {
        try write(
            """
            state_directory = "\(fixture.directory.file("state"))"
            interval = "\(interval)s"
            \(scorer.map { "[scorer]\nurl = \"\($0)\"" } ?? "")
            [[check]]
            id = "corp"
            database = "\(fixture.database.path)"
            common_name = "\(CheckFixture.name)"
            trusted = ["\(fixture.root.certificatePath)"]
            """
        )
    }

    func postured(_ arguments: String...) throws -> Program.Ending {
        try runProgram(Self.postured, arguments + ["--config", config])
    }

    /// Starts `postured run`, which says what it does to the socket.
    func run(notify: NotifySocket) throws -> Program {
        try Program(
            Self.postured,
            ["run", "--config", config, "--socket", socket],
            environment: ["NOTIFY_SOCKET": notify.path]
        )
    }
}
