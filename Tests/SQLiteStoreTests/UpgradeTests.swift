import Foundation
import GRDB
import Glibc
import PostureModel
import ScorerModel
import ScorerStore
import StoreConformance
import Synchronization
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("An upgrade of the database, and the way back")
struct UpgradeTests {
    let test: TestStore

    init() throws { test = try TestStore() }

    /// The tables of the version after this one: with another column, and an index that takes a while to make.
    static let later = Schema(
        migrations: Schema.current.migrations + [
            Schema.Migration(
                name: "3: colours",
                sql: "ALTER TABLE device ADD COLUMN colour TEXT; CREATE INDEX claim_of_time ON claim (since);"
            )
        ]
    )

    /// Opens the database in the version after this one.
    func upgrade(_ progress: @escaping UpgradeProgress.Handler = { _ in }) throws -> SQLiteStore {
        try SQLiteStore(path: test.path, schema: Self.later, progress: progress, trace: nil)
    }

    /// Adds so many claims to the closed database.
    func fill(_ count: Int) throws {
        let fill = "INSERT INTO claim SELECT 'serial', 'pf' || value, (SELECT id FROM device), 'reported', value, 0"
        try runTool("sqlite3", [test.path, "\(fill) FROM generate_series(1, \(count))"])
    }

    func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: test.directory.path).sorted()
    }

    func content(_ suffix: String) throws -> [UInt8] { Array(try contents(of: test.path + suffix)) }

    @Test("is of a copy's worth: what was there before is beside it, for its owner only")
    func copied() async throws {
        try await test.register(1, 2)
        try await test.accept(SampleDevice.verified(1, nonce: 7, serial: "PF0FAKE1"))
        let record = try await test.record(1)
        try test.store.close()
        let before = try test.dump()
        let store = try upgrade()
        let copy = try #require(store.copy)
        #expect(copy == "\(test.path).before-3")
        #expect(try runTool("sqlite3", [copy, ".dump"]).text == before)
        let attributes = try FileManager.default.attributesOfItem(atPath: copy)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        #expect(try await store.record(of: SampleDevice.id(1)) == record)
        #expect(try runTool("sqlite3", [test.path, "SELECT count(*) FROM device WHERE colour IS NULL"]).text == "2\n")
        try store.close()
        let left = try files()
        #expect(left == ["scorer.sqlite", "scorer.sqlite.before-3"])
    }

    @Test("tells that it makes progress, while it copies and while it changes")
    func progress() async throws {
        try await test.register(1)
        try test.store.close()
        try fill(5000)
        let copy = "\(test.path).before-3"
        // Each step, and whether the copy was whole by then.
        let told = Mutex<[(step: UpgradeProgress, isCopied: Bool)]>([])
        let store = try upgrade { step in
            let isCopied = FileManager.default.fileExists(atPath: copy)
            told.withLock { $0.append((step, isCopied)) }
        }
        let steps = told.withLock { $0 }
        #expect(steps.first?.step == .willCopy(to: copy))
        #expect(steps.dropFirst().allSatisfy { $0.step == .advanced })
        #expect(steps.count { !$0.isCopied } > 5 && steps.count { $0.isCopied } > 5, "\(steps.count)")
        // What the store does later is no upgrade.
        let count = try await store.pool.write {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM claim WHERE strength = 'reported'")
        }
        #expect(count == 5000)
        #expect(told.withLock { $0.count } == steps.count)
        try store.close()
    }

    @Test("is none for a database that is new, or up to date")
    func nothingToCopy() throws {
        #expect(test.store.copy == nil)
        try test.store.close()
        let again = try SQLiteStore(path: test.path)
        #expect(again.copy == nil)
        try again.close()
        #expect(try files() == ["scorer.sqlite"])
    }

    @Test("copies again what was restored and used, and leaves one copy")
    func twice() async throws {
        try await test.register(1)
        try test.store.close()
        try upgrade().close()
        try runTool("cp", ["\(test.path).before-3", test.path])
        try runTool("sqlite3", [test.path, "UPDATE device SET registered_by = 'meanwhile'"])
        try test.directory.write(Array("left by a crash".utf8), to: "scorer.sqlite.before-3.new")
        try upgrade().close()
        #expect(try runTool("sqlite3", ["\(test.path).before-3", ".dump"]).text.contains("'meanwhile'"))
        #expect(try files() == ["scorer.sqlite", "scorer.sqlite.before-3"])
    }

    @Test("does not begin if the copy cannot be made")
    func noCopy() async throws {
        try await test.register(1)
        try test.store.close()
        let before = try test.dump()
        // A directory in the place of the draft: no rights are needed to fail, and so root does too.
        try FileManager.default.createDirectory(atPath: "\(test.path).before-3.new", withIntermediateDirectories: false)
        let error = #expect(throws: CopyError.self) { try upgrade() }
        #expect(
            "\(error as Any)".contains(
                "the database cannot be copied: \(test.path).before-3.new: is not a regular file"
            )
        )
        #expect(try test.dump() == before)
    }

    @Test("of a database whose damage the copy finds does not begin, and that is for a person to mend")
    func damaged() async throws {
        try await test.register(1)
        try test.store.close()
        let page = try #require(
            Int(
                try runTool("sqlite3", [test.path, "SELECT rootpage FROM sqlite_master WHERE name = 'device'"]).text
                    .trimmingCharacters(in: .newlines)
            )
        )
        var bytes = try content("")
        bytes.replaceSubrange((page - 1) * 4096..<page * 4096, with: repeatElement(0xff, count: 4096))
        try test.directory.write(bytes, to: "scorer.sqlite")
        let error = #expect(throws: StoreError.self) { try upgrade() }
        #expect("\(error as Any)".contains("the database \(test.path) is damaged"))
        #expect(try content("") == bytes)
        #expect(try files().filter { $0.hasPrefix("scorer.sqlite.") } == [], "neither a copy nor half of one")
    }

    @Test("is of what was there before a transaction that a power cut ended, even with a rollback journal")
    func hotJournal() async throws {
        try await test.register(1)
        try test.store.close()
        // As a restore with sqlite3 has it: what the cache cannot hold is in the file before its time.
        let (path, cut) = (test.path, test.directory.file("cut"))
        let commands = """
            PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; BEGIN; CREATE TABLE half (text);
            INSERT INTO half WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
            SELECT hex(randomblob(1000)) FROM n;
            """
        try runTool("sqlite3", [path, commands, ".system cp \(path) \(cut); cp \(path)-journal \(cut)-journal"])
        for suffix in ["", "-journal"] { try runTool("mv", [cut + suffix, path + suffix]) }
        #expect(try content("-journal").prefix(8) == [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7], "it is hot")
        let store = try upgrade()
        #expect(try await store.keys(of: SampleDevice.id(1)) == [SampleDevice.key(1)])
        #expect(try !runTool("sqlite3", ["\(path).before-3", ".dump"]).text.contains("half"))
    }

    @Test("that a newer scorer made is refused with the way back, and not a byte of it changes")
    func newer() async throws {
        try await test.register(1)
        try test.store.close()
        try upgrade().close()
        // As a scorer leaves it that was killed: with what it wrote in the companion.
        let killed = try DatabasePool(path: test.path)
        try await killed.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('3: of a later version')") }
        for suffix in ["", "-wal"] { try runTool("cp", [test.path + suffix, "\(test.path).killed\(suffix)"]) }
        try killed.close()
        for suffix in ["", "-wal"] { try runTool("mv", ["\(test.path).killed\(suffix)", test.path + suffix]) }
        let before = try ["", "-wal"].map(content)
        #expect(before[1].isEmpty == false)

        let error = #expect(throws: StoreError.self) { try upgrade() }
        let text = "\(error as Any)"
        #expect(text.contains("the database \(test.path) was written by a newer posture-scorer"))
        #expect(text.contains("install that version again, or go back to \(test.path).before-3"))
        #expect(try ["", "-wal"].map(content) == before)

        // What it says to run, but for the service and its user.
        let commands = try #require(text.firstMatch(of: /posture-scorer; (for .*); systemctl start/)?.1)
            .replacing("-o posture-scorer -g posture-scorer ", with: "")
        try runTool("sh", ["-ec", String(commands.replacing("; done;", with: " 2>&1 || :; done;"))])
        let restored = try upgrade()
        #expect(try await restored.keys(of: SampleDevice.id(1)) == [SampleDevice.key(1)])
        #expect(try runTool("sqlite3", ["\(test.path).newer", ".dump"]).text.contains("3: of a later version"))
    }

    @Test("that a newer scorer made without a copy points to a backup")
    func newerWithoutCopy() throws {
        try test.store.close()
        try runTool("sqlite3", [test.path, "INSERT INTO grdb_migrations VALUES ('999: of a later version')"])
        let error = #expect(throws: StoreError.self) { try SQLiteStore(path: test.path) }
        #expect("\(error as Any)".contains("restore a backup from before the upgrade"))
    }

    @Test("is of this version's tables refused by the version before")
    func older() async throws {
        try test.store.close()
        try upgrade().close()
        let error = #expect(throws: StoreError.self) { try SQLiteStore(path: test.path) }
        #expect("\(error as Any)".contains("go back to \(test.path).before-3"))
    }

    @Test("by eight that open the database at once is one, with one copy")
    func atOnce() async throws {
        try await test.register(1)
        try test.store.close()
        try fill(5000)
        let path = test.path
        let stores = try await openedAtOnce(path)
        #expect(stores.compactMap(\.copy) == ["\(path).before-3"])
        for store in stores { #expect(try await store.keys(of: SampleDevice.id(1)) == [SampleDevice.key(1)]) }
        #expect(try runTool("sqlite3", ["\(path).before-3", "PRAGMA integrity_check"]).text == "ok\n")
        #expect(try runTool("sqlite3", [path, "SELECT count(*) FROM grdb_migrations"]).text == "3\n")
    }

    @Test("is none for eight that open at once what is not there yet")
    func newAtOnce() async throws {
        let path = test.directory.file("new.sqlite")
        let stores = try await openedAtOnce(path)
        #expect(stores.allSatisfy { $0.copy == nil })
        for (number, store) in stores.enumerated() {
            try await store.add(SampleDevice.registration(number), at: TestStore.now)
        }
        #expect(try await stores[0].counts(at: TestStore.now).devices == 8)
    }

    /// Opens a database eight times at once, each on a thread of its own; a copy takes a while.
    func openedAtOnce(_ path: String) async throws -> [SQLiteStore] {
        let opened = Collected<Result<SQLiteStore, any Error>>()
        for _ in 1...8 {
            Thread.detachNewThread {
                opened.add(
                    Result {
                        try SQLiteStore(
                            path: path,
                            schema: Self.later,
                            progress: { if case .willCopy = $0 { Thread.sleep(forTimeInterval: 0.2) } },
                            trace: nil
                        )
                    }
                )
            }
        }
        while opened.all.count < 8 { try await Task.sleep(for: .milliseconds(5)) }
        return try opened.all.map { try $0.get() }
    }
}
