import Foundation
import Glibc
import PostureModel
import TestSupport
import Testing
import Verification

@testable import Agent

@Suite("A check of a database that is not as it should be", .timeLimit(.minutes(5)))
struct DamagedDatabaseTests {
    static let situations = [
        Situation("no directory", .fail, .notFound, says: "/none: no such directory") {
            try $0.check(database: $0.directory.file("none"))
        },
        Situation("an empty directory", .fail, .notFound, says: "holds no NSS database (neither cert9.db nor key4") {
            try $0.check(database: $0.directory.path)
        },
        Situation("below what the sandbox hides", .unable, .unreadable, says: "/home/a: hidden: ") {
            try #require(unsafe mkdir($0.directory.file("home"), 0) == 0)
            return try $0.check(database: $0.directory.file("home/a"))
        },
        Situation("a file instead of the directory", .unable, .unreadable, says: "not a directory") {
            try $0.check(database: $0.directory.write([], to: "nssdb"))
        },
        Situation("half of cert9.db", .unable, .unreadable, says: "cert9.db: truncated") {
            try truncate($0) { $0 / 2 }
        },
        Situation("cert9.db without its last byte", .unable, .unreadable, says: "cert9.db: truncated") {
            try truncate($0) { $0 - 1 }
        },
        Situation("an empty cert9.db", .unable, .unreadable, says: "cert9.db: the file is empty") {
            try truncate($0) { _ in 0 }
        },
        Situation("garbage", .unable, .unreadable, says: "cert9.db: not an SQLite database") {
            try Data("garbage".utf8).write(to: URL(filePath: $0.database.path + "/cert9.db"))
            return try $0.check()
        },
        Situation("a FIFO", .unable, .unreadable, says: "cert9.db: not a regular file") {
            unsafe unlink($0.database.path + "/cert9.db")
            try #require(unsafe mkfifo($0.database.path + "/cert9.db", 0o600) == 0)
            return try $0.check()
        },
        Situation("a directory instead of cert9.db", .unable, .unreadable, says: "cert9.db: not a regular file") {
            unsafe unlink($0.database.path + "/cert9.db")
            try #require(unsafe mkdir($0.database.path + "/cert9.db", 0o700) == 0)
            return try $0.check()
        },
        Situation("no key4.db", .unable, .unreadable, says: "key4.db: missing, although the other file") {
            unsafe unlink($0.database.path + "/key4.db")
            return try $0.check()
        },
    ]

    private static func truncate(_ fixture: CheckFixture, to size: (Int) -> Int) throws -> AgentConfiguration.Check {
        try fixture.database.importWithKey(fixture.leaf(), nickname: "laptop")
        let path = fixture.database.path + "/cert9.db"
        try Data(contents(of: path).prefix(size(contents(of: path).count))).write(to: URL(filePath: path))
        return try fixture.check()
    }

    @Test("says what is wrong with it, and tells absence from damage", arguments: situations)
    func database(situation: Situation) async throws {
        let result = try await situation.expectAsTold()
        switch (situation.outcome, result.finding) {
        case (.fail, .notFound(let reason)), (.unable, .unreadable(let reason)): #expect(reason == result.reason)
        default: Issue.record("the report says \(result.finding)")
        }
    }
}
