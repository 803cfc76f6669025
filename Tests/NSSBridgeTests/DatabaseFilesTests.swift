import Foundation
import Glibc
import TestSupport
import Testing

@testable import NSSBridge

@Suite("A database that is not opened says why", .timeLimit(.minutes(5)))
struct DatabaseFilesTests {
    typealias Code = NSSDatabaseError.Code

    /// The error of opening `path`.
    func failure(_ path: String) async throws -> NSSDatabaseError {
        try await #require(throws: NSSDatabaseError.self) { try await NSS.withDatabase(at: path) { _ in } }
    }

    /// Opens a whole database after `change` was made to it, in its directory.
    func failure(after change: (String) throws -> Void) async throws -> NSSDatabaseError {
        let database = try NSSTestDatabase()
        try change(database.path)
        return try await failure(database.path)
    }

    func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: path) }
    func write(_ bytes: [UInt8], to path: String) throws { try Data(bytes).write(to: URL(filePath: path)) }

    @Test("no directory: absent")
    func noDirectory() async throws {
        let directory = try TemporaryDirectory("nothing")
        let error = try await failure(directory.file("missing"))
        #expect(error.code == .directoryAbsent)
        #expect(error.isAbsent)
        #expect("\(error)" == "\(directory.path)/missing: no such directory")
    }

    @Test("an empty directory: absent, and nothing is made in it")
    func noDatabase() async throws {
        let directory = try TemporaryDirectory("empty")
        let error = try await failure(directory.path)
        #expect(error.code == .databaseAbsent)
        #expect(error.isAbsent)
        #expect("\(error)".hasSuffix("the directory holds no NSS database (neither cert9.db nor key4.db)"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
    }

    @Test(
        "below a directory without any permissions, or in one: hidden, which is not absent",
        arguments: ["", "/a/nssdb"]
    )
    func hidden(below: String) async throws {
        let directory = try TemporaryDirectory("hidden")
        // As /run/systemd/inaccessible/dir is, which a unit sees in the place of /home.
        try #require(unsafe mkdir(directory.file("home"), 0) == 0)
        try #require(unsafe symlink(directory.file("home") + below, directory.file("link")) == 0)
        for path in [directory.file("home") + below, directory.file("link")] {
            let error = try await failure(path)
            #expect(!error.isAbsent)
            #expect("\(error)".hasPrefix("\(path): hidden: "), "\(error)")
            #expect("\(error)".contains("/home has no permissions at all"))
            #expect("\(error)".contains("ProtectHome=read-only, as the drop-in in /usr/share/doc/postured/"))
        }
        try #require(unsafe chmod(directory.file("home"), 0o700) == 0)
        #expect(try await failure(directory.file("link")).isAbsent)
    }

    @Test("a legacy database: refused, with the command that converts it", arguments: ["cert8.db", "key3.db"])
    func legacy(name: String) async throws {
        let directory = try TemporaryDirectory("legacy")
        try directory.write([0x00, 0x06, 0x15, 0x61], to: name)
        let error = try await failure(directory.path)
        #expect(error.code == .legacyFormat)
        #expect(!error.isAbsent)
        #expect("\(error)".contains("certutil -d sql:DIRECTORY -N --upgrade-merge"))
    }

    @Test("one of the two files missing", arguments: ["cert9.db", "key4.db"])
    func incomplete(name: String) async throws {
        let error = try await failure { try remove("\($0)/\(name)") }
        #expect(error.code == .incomplete)
        #expect(error.path.hasSuffix("/\(name)"))
        #expect(!error.isAbsent)
    }

    @Test("a file where the directory should be, or on the way to it")
    func notADirectory() async throws {
        let path = try TemporaryDirectory("file").write([], to: "db")
        let directory = try TemporaryDirectory("file")
        let file = try directory.write([], to: "db")
        #expect(try await failure(file).code == .notADirectory)
        #expect(try await failure("\(file)/db").code == .notADirectory)
        #expect(try await failure(path).code == .directoryAbsent)
    }

    @Test(
        "a FIFO in place of a journal or a log, without hanging",
        arguments: ["cert9.db-journal", "key4.db-journal", "cert9.db-wal", "key4.db-wal"]
    )
    func journalFIFO(name: String) async throws {
        let fifo = try await failure { directory in
            try #require(unsafe mkfifo("\(directory)/\(name)", 0o600) == 0)
        }
        #expect(fifo.code == .notARegularFile)
        #expect(fifo.path.hasSuffix("/\(name)"))
    }

    @Test("a file in WAL mode, without writing beside it", arguments: ["cert9.db", "key4.db"])
    func writeAheadLog(name: String) async throws {
        let error = try await failure { directory in
            _ = try runTool("sqlite3", ["\(directory)/\(name)", "PRAGMA journal_mode=WAL"])
        }
        #expect(error.code == .writeAheadLog)
    }

    @Test("a file too large to be read into memory")
    func tooLarge() async throws {
        let error = try await failure { directory in
            try #require(unsafe truncate("\(directory)/cert9.db", 300 << 20) == 0)
        }
        #expect(error.code == .tooLarge(300 << 20))
    }

    @Test("a FIFO or a directory in place of a file, without hanging", arguments: ["cert9.db", "key4.db"])
    func notARegularFile(name: String) async throws {
        let fifo = try await failure { directory in
            try remove("\(directory)/\(name)")
            try #require(unsafe mkfifo("\(directory)/\(name)", 0o600) == 0)
        }
        #expect(fifo.code == .notARegularFile)
        #expect(fifo.path.hasSuffix("/\(name)"))
        let folder = try await failure { directory in
            try remove("\(directory)/\(name)")
            try FileManager.default.createDirectory(atPath: "\(directory)/\(name)", withIntermediateDirectories: false)
        }
        #expect(folder.code == .notARegularFile)
    }

    @Test("an empty file, and one of another format", arguments: ["cert9.db", "key4.db"])
    func content(name: String) async throws {
        #expect(try await failure { try write([], to: "\($0)/\(name)") }.code == .empty)
        let garbage = try await failure { try write(Array("not a database".utf8), to: "\($0)/\(name)") }
        #expect(garbage.code == .notSQLite)
        #expect(garbage.description.hasSuffix("/\(name): not an SQLite database; restore it"))
    }

    @Test("a truncated file, and how much of it is there", arguments: [(1, 28_671), (28_600, 72), (20_480, 8192)])
    func truncated(missing: Int, left: Int) async throws {
        let error = try await failure { directory in
            let path = "\(directory)/cert9.db"
            try write(contents(of: path).dropLast(missing), to: path)
        }
        #expect(error.code == .truncated(expected: left < 100 ? 100 : 28_672, actual: left))
    }

    @Test("a journal that a crashed writer left")
    func journal() async throws {
        let error = try await failure { directory in
            // A journal of no records is hot: it has the magic, and nobody holds a lock.
            let magic: [UInt8] = [0xD9, 0xD5, 0x05, 0xF9, 0x20, 0xA1, 0x63, 0xD7]
            try write(magic + [UInt8](repeating: 0, count: 504), to: "\(directory)/cert9.db-journal")
        }
        #expect(error.code == .journal)
        #expect("\(error)".contains("open the database once read-write as its owner"))
    }

    @Test("files that SQLite finds broken: SQLite's own words, and nothing is made beside them")
    func damaged() async throws {
        let database = try NSSTestDatabase()
        for name in ["cert9.db", "key4.db"] {
            let path = "\(database.path)/\(name)"
            let original = try contents(of: path)
            var bytes = original
            bytes.replaceSubrange(100..<4096, with: [UInt8](repeating: 0xFF, count: 3996))
            try write(bytes, to: path)
            let files = try Set(FileManager.default.contentsOfDirectory(atPath: database.path))
            let error = try await failure(database.path)
            #expect(error.code == .damaged("database disk image is malformed"))
            let sentence = "/\(name): damaged (SQLite: database disk image is malformed); restore a backup"
            #expect("\(error)".contains(sentence))
            #expect(try Set(FileManager.default.contentsOfDirectory(atPath: database.path)) == files)
            #expect(try contents(of: path) == bytes)
            try write(original, to: path)
        }
    }

    @Test("a FIFO as the journal of a link's target, without hanging", arguments: ["cert9.db", "key4.db"])
    func targetJournalFIFO(name: String) async throws {
        let other = try TemporaryDirectory("target")
        let error = try await failure { directory in
            try FileManager.default.moveItem(atPath: "\(directory)/\(name)", toPath: other.file("db"))
            try #require(unsafe symlink(other.file("db"), "\(directory)/\(name)") == 0)
            try #require(unsafe mkfifo(other.file("db-journal"), 0o600) == 0)
        }
        #expect(error.code == .notARegularFile)
        #expect(error.path.hasSuffix("/db-journal"))
    }

    @Test("files that look whole and are not: NSS's own words")
    func refused() async throws {
        let error = try await failure { directory in
            _ = try runTool("sqlite3", ["\(directory)/cert9.db", "DROP TABLE nssPublic"])
        }
        guard case .refused(let cause) = error.code else {
            Issue.record("\(error)")
            return
        }
        #expect(cause.code == .library(number: -8174, name: "SEC_ERROR_BAD_DATABASE"))
        #expect(cause.call == "NSS_InitContext")
        #expect("\(error)".contains("NSS does not open it: NSS_InitContext: SEC_ERROR_BAD_DATABASE: "))
    }

    @Test("a path that is none", arguments: ["", "/tmp/a\0b", "/tmp/a\nb"])
    func malformed(path: String) async throws {
        let error = try await failure(path)
        #expect(error.code == .malformedPath)
        #expect(!"\(error)".contains("\n"))
    }

    @Test(
        "a failed look by its errno, and only ENOENT as absence",
        arguments: [
            (ENOENT, nil), (EACCES, .permissionDenied), (EPERM, .permissionDenied), (ENOTDIR, .notADirectory),
            (ENXIO, .notARegularFile), (EIO, .system(EIO)), (ELOOP, .system(ELOOP)), (EMFILE, .system(EMFILE)),
        ] as [(CInt, Code?)]
    )
    func errno(number: CInt, code: Code?) {
        #expect(Code(errno: number) == code)
        if let code {
            #expect(!NSSDatabaseError(code, "/x").isAbsent)
        }
    }

    @Test("in a sentence that names the path")
    func sentences() {
        #expect(
            NSSDatabaseError(.permissionDenied, "/db").description
                == "/db: permission denied; this process needs to read cert9.db and key4.db "
                + "and to search their directory"
        )
        #expect(NSSDatabaseError(.system(EIO), "/db").description == "/db: could not look: Input/output error")
        #expect(
            NSSDatabaseError(.locked(process: 42), "/db/cert9.db").description
                == "/db/cert9.db: locked by process 42; gave up waiting"
        )
        #expect(
            NSSDatabaseError(.truncated(expected: 28_672, actual: 1), "/db").description
                == "/db: truncated: 1 bytes of 28672; restore it"
        )
    }
}
