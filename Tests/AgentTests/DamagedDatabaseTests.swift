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
        Situation("an endless view", .unable, .unreadable, says: "cert9.db: has the table 'z', which NSS does not make")
        {
            try $0.database.sql(
                """
                ALTER TABLE nssPublic RENAME TO z;
                CREATE VIEW nssPublic AS
                    WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT z.* FROM z, c
                """
            )
            return try $0.check()
        },
        Situation("no key4.db", .unable, .unreadable, says: "key4.db: missing, although the other file") {
            unsafe unlink($0.database.path + "/key4.db")
            return try $0.check()
        },
    ]

    private static func truncate(_ fixture: CheckFixture, to size: (Int) -> Int) throws -> CertificateCheck {
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

    @Test("takes nothing from a check of another database, also where that comes after it")
    func others() async throws {
        let (bad, good) = (try CheckFixture(), try CheckFixture())
        try bad.database.sql("CREATE INDEX i ON nssPublic (length(hex(zeroblob(a0))))")
        try good.database.importWithKey(good.leaf(), nickname: "laptop")
        #expect(try await bad.check().run().outcome == .unable)
        #expect(try await good.check().run().outcome == .pass)
    }

    @Test("is refused alike by every command that looks into the database")
    func commands() throws {
        let machine = try TestMachine()
        try machine.fixture.database.sql("CREATE INDEX i ON nssPublic (length(hex(zeroblob(a0))))")
        let sentence = "cert9.db: has the index 'i', which NSS does not make"
        for command in [["check"], ["facts"], ["doctor", "--socket", machine.socket]] {
            let ending = try runProgram(TestMachine.postured, command + ["--config", machine.config])
            #expect(ending.output.contains(sentence), "\(command): \(ending)")
        }
        let listing = try runProgram(
            TestMachine.postured,
            ["certificates", "--database", machine.fixture.database.path]
        )
        #expect(listing.status == 2 && listing.errors.contains(sentence), "\(listing)")
    }

    @Test("passes over a row that is no certificate, by name, and finds the others")
    func rows() async throws {
        let fixture = try CheckFixture()
        try fixture.database.add(fixture.root, nickname: "broken")
        try fixture.database.sql("UPDATE nssPublic SET a11 = x'0102' WHERE a0 = x'00000001'")
        let sentence = "passed over: the certificate 'broken' is no certificate in DER"
        let without = try await fixture.check().run()
        #expect(without.outcome == .unable)
        #expect(without.reason.contains(sentence))
        try fixture.database.importWithKey(fixture.leaf(), nickname: "laptop")
        let with = try await fixture.check().run()
        #expect(with.outcome == .pass)
        #expect(with.warnings.contains(sentence))
    }

    @Test("is Fedora's system database, which names NSS's own libnsssysinit.so: the certificate is not there")
    func systemDatabase() async throws {
        let fixture = try CheckFixture()
        let text = """
            library=libnsssysinit.so
            name=NSS Internal PKCS #11 Module
            parameters=configdir='sql:/etc/pki/nssdb' certPrefix='' keyPrefix='' secmod='' flags= updatedir=''
            NSS=Flags=internal,moduleDBOnly,critical trustOrder=75 cipherOrder=100

            library=libnssckbi.so
            name=Root Certs
            """
        try Data(text.utf8).write(to: URL(filePath: fixture.database.path + "/pkcs11.txt"))
        let result = try await fixture.check().run()
        #expect(result.outcome == .fail)
        #expect(result.code == .notFound)
        #expect(!result.reason.contains("pkcs11.txt"))
    }
}
