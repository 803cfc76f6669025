import Foundation
import Glibc
import Logging
import TestSupport
import Testing

@testable import SystemdBridge

/// libsystemd has one place for the journal's socket: each test has a thread that sees another `/run`, as root may.
@Suite("What reaches the journal", .serialized, .timeLimit(.minutes(5)), .enabled(if: geteuid() == 0, "needs root"))
struct JournalTests {
    @Test("is the entry, with each value in one line")
    func entry() throws {
        let datagrams = try withJournal { journal in
            var logger = Logger(label: "postured") { JournalLogHandler(label: $0) }
            logger[metadataKey: "device_id"] = "abc"
            logger.log(level: .warning, .cannotReport, "cannot report", metadata: ["reason": "one\ntwo"])
            return [try #require(journal.next())]
        }
        let lines = String(decoding: datagrams[0], as: UTF8.self)
        for field in [
            "MESSAGE=cannot report (reason: one?two)", "PRIORITY=4", "MESSAGE_ID=\(MessageID.cannotReport.rawValue)",
            "SYSLOG_IDENTIFIER=postured", "POSTURED_DEVICE_ID=abc", "POSTURED_REASON=one?two",
            "CODE_FILE=SystemdBridgeTests/JournalTests.swift",
        ] {
            #expect("\n\(lines)".contains("\n\(field)\n"), "\(field)")
        }
    }

    @Test("is nothing while the journal does not read; the service goes on, and says afterwards what was lost")
    func full() throws {
        let datagrams = try withJournal { journal in
            let logger = Logger(label: "postured") { JournalLogHandler(label: $0) }
            let entry = JournalEntry(
                LogEvent(level: .info, message: "x", metadata: nil, source: "", file: "", function: "", line: 1),
                context: [:],
                identifier: "postured"
            )
            var sent = 0
            while Journal.send(entry) == .sent, sent < 10_000 { sent += 1 }
            #expect(sent < 10_000)
            let start = ContinuousClock.now
            logger.info("lost")
            #expect(start.duration(to: .now) < .seconds(60))
            for _ in 0..<sent { #expect(journal.next() != nil) }
            logger.info("kept")
            logger.info("and another")
            return [try #require(journal.next()), try #require(journal.next())]
        }.map { String(decoding: $0, as: UTF8.self) }
        #expect(datagrams[0].contains("MESSAGE=kept\n"))
        #expect(datagrams[0].contains("POSTURED_LOST_MESSAGES=2\n"))
        #expect(!datagrams[1].contains("LOST"))
    }

    @Test("is nothing where there is no journal, which is noticed")
    func absent() throws {
        _ = try withJournal { _ in
            try #require(unsafe unlink(Journal.path) == 0)
            let event = LogEvent(level: .info, message: "x", metadata: nil, source: "", file: "", function: "", line: 1)
            #expect(Journal.send(JournalEntry(event, context: [:], identifier: "postured")) == .absent)
            return []
        }
    }
}

/// unshare(2), which <sched.h> hides from Swift, and its flag for a mount namespace.
private let unshare = unsafe unsafeBitCast(dlsym(nil, "unshare"), to: (@convention(c) (CInt) -> CInt).self)
private let CLONE_NEWNS: CInt = 0x20000

/// Runs `body` on a thread whose `/run` has nothing but a journal's socket.
private func withJournal(_ body: @escaping @Sendable (LocalSocket) throws -> [[UInt8]]) throws -> [[UInt8]] {
    final class Box: @unchecked Sendable {
        // Written by the thread before it signals, and read after.
        var result = Result<[[UInt8]], any Error> { [] }
    }
    let box = Box()
    let end = DispatchSemaphore(value: 0)
    let thread = Thread {
        defer { end.signal() }
        box.result = Result {
            try #require(unshare(CLONE_NEWNS) == 0)
            try #require(unsafe mount(nil, "/", nil, UInt(MS_REC) | UInt(MS_PRIVATE), nil) == 0)
            try #require(unsafe mount("tmpfs", "/run", "tmpfs", 0, nil) == 0)
            let directory = Journal.path.split(separator: "/").dropLast().joined(separator: "/")
            try FileManager.default.createDirectory(atPath: "/\(directory)", withIntermediateDirectories: true)
            return try body(LocalSocket(datagramsAt: Journal.path))
        }
    }
    thread.start()
    end.wait()
    return try box.result.get()
}
