import Glibc
import Logging
import TestSupport
import Testing

@testable import SystemdBridge

@Suite("A log for people")
struct ReadableLogHandlerTests {
    func line(_ level: Logger.Level, colored: Bool = false) -> String {
        let event = LogEvent(
            level: level,
            message: "cannot report",
            metadata: ["reason": "no\u{1B}[2J route", "message_id": "\(MessageID.cannotReport.rawValue)"],
            source: "",
            file: "",
            function: "",
            line: 1
        )
        return ReadableLogHandler(label: "postured", isColored: colored).line(for: event)
    }

    @Test(
        "says how bad it is, what, and why, without anything that steers a terminal",
        arguments: [
            (Logger.Level.debug, "postured: debug: cannot report (reason: no?[2J route)"),
            (.info, "postured: cannot report (reason: no?[2J route)"),
            (.notice, "postured: cannot report (reason: no?[2J route)"),
            (.warning, "postured: warning: cannot report (reason: no?[2J route)"),
            (.error, "postured: error: cannot report (reason: no?[2J route)"),
        ]
    )
    func lines(level: Logger.Level, expected: String) {
        #expect(line(level) == expected)
    }

    @Test("has colours where asked, and ends them")
    func colors() {
        #expect(line(.info, colored: true) == line(.info))
        #expect(line(.warning, colored: true) == "\u{1B}[33m\(line(.warning))\u{1B}[0m")
    }

    @Test("is taken unless standard error is the journal's stream itself")
    func choice() throws {
        let directory = try TemporaryDirectory("stream")
        let descriptor = unsafe open(directory.file("a"), O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        var status = stat()
        try #require(unsafe fstat(descriptor, &status) == 0)
        #expect(SystemdLogging.isJournal(descriptor: descriptor, stream: "\(status.st_dev):\(status.st_ino)"))
        for stream in ["\(status.st_dev):\(status.st_ino + 1)", "\(status.st_dev)", "", "x:y", nil] {
            #expect(!SystemdLogging.isJournal(descriptor: descriptor, stream: stream))
        }
        #expect(!SystemdLogging.isJournal(descriptor: -1, stream: "\(status.st_dev):\(status.st_ino)"))
    }
}
