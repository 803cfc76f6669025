import Logging
import Testing

@testable import SystemdBridge

@Suite("The fields of a journal entry")
struct JournalEntryTests {
    func fields(
        _ message: Logger.Message = "text",
        level: Logger.Level = .info,
        _ metadata: Logger.Metadata = [:],
        context: Logger.Metadata = [:]
    ) -> [String: String] {
        let event = LogEvent(
            level: level,
            message: message,
            metadata: metadata,
            source: "Tests",
            file: "Tests/A.swift",
            function: "f()",
            line: 7
        )
        let entry = JournalEntry(event, context: context, identifier: "postured")
        #expect(Set(entry.fields.map(\.name)).count == entry.fields.count)
        return Dictionary(entry.fields.map { ($0.name, $0.value) }) { first, _ in first }
    }

    @Test("are the text, its priority, its program and its place in the source")
    func own() {
        let expected = [
            "MESSAGE": "text", "PRIORITY": "6", "SYSLOG_IDENTIFIER": "postured", "CODE_FILE": "Tests/A.swift",
            "CODE_LINE": "7", "CODE_FUNC": "f()",
        ]
        #expect(fields() == expected)
    }

    @Test(
        "have the priorities of syslog(3)",
        arguments: zip(Logger.Level.allCases, ["7", "7", "6", "5", "4", "3", "2"])
    )
    func priorities(level: Logger.Level, expected: String) {
        #expect(fields(level: level)["PRIORITY"] == expected)
    }

    @Test("show what the event was logged with in the text and in fields, what the logger adds in fields alone")
    func metadata() {
        let fields = fields(
            "cannot report",
            ["reason": "no network", "check": "corp"],
            context: ["device.id": "abc", "check": "x"]
        )
        #expect(fields["MESSAGE"] == "cannot report (check: corp, reason: no network)")
        #expect(fields["POSTURED_REASON"] == "no network")
        #expect(fields["POSTURED_CHECK"] == "corp")
        #expect(fields["POSTURED_DEVICE_ID"] == "abc")
    }

    @Test("have the message's id where it is one", arguments: MessageID.allCases)
    func id(id: MessageID) {
        let fields = fields([MessageID.metadataKey: "\(id.rawValue)"])
        #expect(fields["MESSAGE_ID"] == id.rawValue)
        #expect(fields["MESSAGE"] == "text")
        #expect(fields["POSTURED_MESSAGE_ID"] == nil)
    }

    func fields(_ metadata: Logger.Metadata) -> [String: String] { fields("text", metadata) }

    @Test("have no id that the journal would not take", arguments: ["", "abc", String(repeating: "G", count: 32)])
    func wrongID(id: String) {
        #expect(fields([MessageID.metadataKey: "\(id)"])["MESSAGE_ID"] == nil)
    }

    @Test(
        "have names that the journal takes",
        arguments: [
            ("reason", "POSTURED_REASON"), ("device.id", "POSTURED_DEVICE_ID"), ("a=b\nc", "POSTURED_A_B_C"),
            ("größe", "POSTURED_GR__E"), ("", "POSTURED_"),
            (String(repeating: "x", count: 100), "POSTURED_" + String(repeating: "X", count: 55)),
        ]
    )
    func names(key: String, expected: String) {
        #expect(JournalEntry.name(for: key) == expected)
    }

    @Test("keep nothing that steers a terminal, and every text in one line")
    func lines() {
        let fields = fields("a\nb", ["reason": "one\ntwo\u{1B}[31m"])
        #expect(fields["POSTURED_REASON"] == "one?two?[31m")
        #expect(fields["MESSAGE"] == "a?b (reason: one?two?[31m)")
    }

    @Test("are bounded in number and size")
    func bounds() {
        let metadata = Logger.Metadata(
            uniqueKeysWithValues: (0..<500).map { ("key\($0)", "\(String(repeating: "\u{10FFFF}", count: 5000))") }
        )
        let fields = fields("\(String(repeating: "x", count: 100_000))", metadata)
        #expect(fields.count == 6 + 24)
        // A socket's send buffer is 208 KiB unless somebody made it smaller.
        #expect(fields.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count } < 160 * 1024)
    }

    @Test("name the error that an event was logged with")
    func error() {
        struct Broken: Error, CustomStringConvertible { let description = "it broke" }
        let event = LogEvent(
            level: .error,
            message: "no",
            error: Broken(),
            metadata: nil,
            source: "",
            file: "",
            function: "",
            line: 1
        )
        let entry = JournalEntry(event, context: [:], identifier: "x")
        #expect(entry.fields.contains { $0 == ("MESSAGE", "no (error: it broke)") })
        #expect(entry.fields.contains { $0 == ("POSTURED_ERROR", "it broke") })
    }
}
