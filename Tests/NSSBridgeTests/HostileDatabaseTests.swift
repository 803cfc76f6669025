import Foundation
import Glibc
import TestSupport
import Testing

@testable import NSSBridge

@Suite("A database that somebody else made", .timeLimit(.minutes(5)))
struct HostileDatabaseTests {
    typealias Code = NSSDatabaseError.Code

    static let endlessView = """
        ALTER TABLE TABLE_ RENAME TO z;
        CREATE VIEW TABLE_ AS
            WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT z.* FROM z, c
        """
    static let files = [("cert9.db", "nssPublic"), ("key4.db", "nssPrivate")]

    /// What `flaw(ofFile:)` says of a file after this was done to it; `TABLE` stands for the table in it.
    func flaw(after sql: String, _ file: String, _ table: String) async throws -> Code? {
        let database = try NSSTestDatabase()
        try database.sql(sql.replacingOccurrences(of: "TABLE_", with: table), file: file)
        return await SQLiteFile.flaw(ofFile: "\(database.path)/\(file)")
    }

    @Test(
        "is refused by its schema before anything of it is evaluated",
        arguments: [
            endlessView,
            "CREATE VIEW v AS SELECT 1", "CREATE TRIGGER t AFTER INSERT ON TABLE_ BEGIN SELECT 1; END",
            // An index of an expression that takes gigabytes, and other indexes that are no plain ones.
            "CREATE INDEX i ON TABLE_ (length(hex(zeroblob(a0))))", "CREATE INDEX i ON TABLE_ (a0) WHERE a0 > 1",
            "CREATE INDEX i ON TABLE_ (a0 COLLATE NOCASE)", "CREATE UNIQUE INDEX i ON TABLE_ (a0)",
            "CREATE INDEX i ON TABLE_ (a0 DESC)",
            "CREATE TABLE other (a)", "CREATE TABLE other (a PRIMARY KEY) WITHOUT ROWID",
            "CREATE TABLE other (a INTEGER PRIMARY KEY AUTOINCREMENT)", "CREATE VIRTUAL TABLE v USING fts5(x)",
            "ANALYZE",
            "ALTER TABLE TABLE_ ADD COLUMN a9999 AS (hex(zeroblob(400000000)))",
            "ALTER TABLE TABLE_ ADD COLUMN a9999 DEFAULT (1)", "ALTER TABLE TABLE_ ADD COLUMN a9999 BLOB",
            "ALTER TABLE TABLE_ ADD COLUMN a9999 CHECK (a9999 > 1)", "ALTER TABLE TABLE_ ADD COLUMN other",
            "DROP TABLE TABLE_; CREATE TABLE TABLE_ (id, a0)",
            "DROP TABLE TABLE_; CREATE TABLE TABLE_ (id PRIMARY KEY UNIQUE ON CONFLICT ABORT, a0) WITHOUT ROWID",
            // What SQLite itself would not make.
            "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET type = 'view' WHERE name = 'TABLE_'",
            "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET name = 'x' WHERE name = 'label'",
        ],
        files
    )
    func schema(sql: String, file: (name: String, table: String)) async throws {
        let code = try await flaw(after: sql, file.name, file.table)
        switch code {
        case .foreign, .damaged: break
        default: Issue.record("\(String(describing: code))")
        }
    }

    @Test("is refused by name, and takes nothing from another database")
    func name() async throws {
        let (bad, good) = try (NSSTestDatabase(), NSSTestDatabase())
        try bad.sql("CREATE VIEW \"a\nview\" AS SELECT 1")
        let error = try await #require(throws: NSSDatabaseError.self) { try await listed(bad) }
        #expect(error.code == .foreign("the view 'a?view'"))
        #expect(
            "\(error)"
                == "\(bad.path)/cert9.db: has the view 'a?view', which NSS does not make; refused, and nothing of "
                + "the file was evaluated. Restore a backup, or make the database anew"
        )
        #expect(try await listed(good).isEmpty)
    }

    @Test("is whole with the schemas of other versions of NSS, of other programs, and after VACUUM", arguments: files)
    func schemas(file: (name: String, table: String)) async throws {
        let table = "(id PRIMARY KEY UNIQUE ON CONFLICT ABORT, a0, a3, a11, a81, a101, a102, ace534351, ace536358)"
        for sql in [
            "VACUUM", "REINDEX", "PRAGMA user_version = 3", "ALTER TABLE TABLE_ ADD COLUMN a40000213",
            "DROP INDEX ckaid",
            "DROP TABLE TABLE_; CREATE TABLE TABLE_ \(table); CREATE INDEX issuer ON TABLE_ (a81)",
            "DROP TABLE TABLE_; CREATE TABLE IF NOT EXISTS TABLE_\(table.replacingOccurrences(of: ", ", with: ",")); "
                + "CREATE INDEX IF NOT EXISTS issuer ON TABLE_(a81)",
            "PRAGMA page_size = 1024; VACUUM", "PRAGMA encoding = 'UTF-16'; VACUUM",
            "CREATE TABLE IF NOT EXISTS metaData (id PRIMARY KEY UNIQUE ON CONFLICT REPLACE, item1, item2);",
        ] {
            let code = try await flaw(after: sql, file.name, file.table)
            #expect(code == nil, "\(sql)")
        }
    }

    @Test("is bounded also where it takes the place of a good one after it was looked at")
    func replaced() async throws {
        let database = try NSSTestDatabase()
        try database.sql(Self.endlessView.replacingOccurrences(of: "TABLE_", with: "nssPublic"))
        await #expect(throws: NSSDatabaseError.self) { try await Self.connect(database) }
        for file in ["cert9.db", "key4.db"] {
            let database = try NSSTestDatabase()
            let path = "\(database.path)/\(file)"
            try FileManager.default.removeItem(atPath: path)
            try #require(unsafe mkfifo(path, 0o600) == 0)
            await #expect(throws: NSSDatabaseError.self) { try await Self.connect(database) }
        }
    }

    /// Has NSS open a database that nobody has looked at.
    @NSS
    private static func connect(_ database: NSSTestDatabase) throws {
        _ = try unsafe NSS.connect(DatabaseFiles(directory: database.path))
    }

    @Test(
        "with millions of rows is refused by their number",
        arguments: [("nssPublic", 200_001), ("metaData", 500_001)]
    )
    func rows(table: String, count: Int) async throws {
        let sql = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT \(count)) "
        let file = table == "metaData" ? "key4.db" : "cert9.db"
        let code = try await flaw(after: "\(sql) INSERT INTO \(table) (id) SELECT x FROM c", file, table)
        // One row is there already: that of the password.
        #expect(code == .tooManyRows(table == "metaData" ? count + 1 : count, table: table))
    }

    /// Puts a chain of so many pages, each the only child of the one before, between the root and the leaf of a b-tree.
    func deepen(_ path: String, _ name: String, by count: Int) throws {
        let program = """
            import sqlite3, struct, sys
            path, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
            db = sqlite3.connect(path)
            db.execute("PRAGMA page_size=512")
            db.execute("VACUUM")
            root, = db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
            db.close()
            data = bytearray(open(path, "rb").read())
            place, first = (root - 1) * 512, len(data) // 512 + 1
            leaf, kind = bytes(data[place:place + 512]), 5 if name.startswith("nss") else 2
            chain = [struct.pack(">BHHHBI", kind, 0, 0, 512, 0, first + n).ljust(512, bytes(1)) for n in range(count)]
            data[place:place + 512] = chain[0]
            data += b"".join(chain[1:]) + leaf
            struct.pack_into(">I", data, 28, len(data) // 512)
            open(path, "wb").write(data)
            """
        try runTool("python3", ["-c", program, path, name, String(count)])
    }

    @Test(
        "with a tree of a hundred thousand levels is damaged, and exhausts no stack",
        arguments: ["issuer", "label", "sqlite_autoindex_nssPublic_1", "nssPublic"]
    )
    func levels(name: String) async throws {
        let database = try NSSTestDatabase()
        let path = "\(database.path)/cert9.db"
        try deepen(path, name, by: 100_000)
        #expect(await SQLiteFile.flaw(ofFile: path) == .damaged("database disk image is malformed"))
    }

    @Test("whose pages refer to each other in too many ways is given up", arguments: ["nssPublic", "issuer"])
    func knots(name: String) async throws {
        let database = try NSSTestDatabase()
        let path = "\(database.path)/cert9.db"
        let program = """
            import sqlite3, struct, sys
            path, name, depth = sys.argv[1], sys.argv[2], 15
            db = sqlite3.connect(path)
            db.execute("INSERT INTO nssPublic (id, a0, a81) VALUES (1, x'00000001', x'01')")
            db.commit()
            root, = db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
            db.close()
            data = bytearray(open(path, "rb").read())
            size = 4096
            place, first = (root - 1) * size, len(data) // size + 1
            leaf = bytes(data[place:place + size])
            # A cell of an index holds a record: its payload's size, and two values, 1 and 1.
            tail = bytes([1]) if name == "nssPublic" else bytes([3, 3, 9, 9])
            def knot(child):
                cells = [struct.pack(">I", child) + tail for _ in range(200)]
                starts = [size - (n + 1) * len(cells[0]) for n in range(200)]
                kind = 5 if name == "nssPublic" else 2
                head = struct.pack(">BHHHBI", kind, 0, 200, starts[-1], 0, child)
                head += b"".join(struct.pack(">H", start) for start in starts)
                return head.ljust(starts[-1], bytes(1)) + b"".join(reversed(cells))
            chain = [knot(first + n) for n in range(depth)]
            data[place:place + size] = chain[0]
            data += b"".join(chain[1:]) + leaf
            struct.pack_into(">I", data, 28, len(data) // size)
            open(path, "wb").write(data)
            """
        try runTool("python3", ["-c", program, path, name])
        #expect(await SQLiteFile.flaw(ofFile: path) == .beyondBounds)
    }

    @Test("that takes too long is given up")
    func budget() async throws {
        let database = try NSSTestDatabase()
        let sql = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 5000) "
        try database.sql("\(sql) INSERT INTO nssPublic (id) SELECT x FROM c")
        let file = "\(database.path)/cert9.db"
        #expect(await SQLiteFile.flaw(ofFile: file, budget: .init(steps: 2, time: .seconds(60))) == .beyondBounds)
        #expect(await SQLiteFile.flaw(ofFile: file, budget: .init(steps: 1_000_000, time: .zero)) == .beyondBounds)
        #expect(await SQLiteFile.flaw(ofFile: file) == nil)
    }

    @Test("with a row that NSS goes through and does not write is refused by its number")
    func oddRows() async throws {
        let large = "INSERT INTO nssPublic (id, a0) VALUES (7, zeroblob(3000000))"
        let first = try await flaw(after: large, "cert9.db", "nssPublic")
        #expect(first == .foreign("an a0 of more than 200 bytes in row 1 of nssPublic"))
        // To SQLite this text is as long as what stands before its NUL.
        let hidden = "INSERT INTO nssPublic (id, a0) VALUES (7, CAST(x'00' || zeroblob(300) AS TEXT))"
        let other = try await flaw(after: hidden, "cert9.db", "nssPublic")
        #expect(other == .foreign("an a0 of more than 200 bytes in row 1 of nssPublic"))
        let text = "UPDATE metaData SET item2 = CAST(item2 AS TEXT) WHERE id = 'password'"
        let second = try await flaw(after: text, "key4.db", "metaData")
        #expect(second == .foreign("a text for bytes in row 1 of metaData"))
    }

    @Test("does not have NSS hash a password for hours")
    func iterations() async throws {
        let database = try NSSTestDatabase()
        let value = try database.sql("SELECT hex(item2) FROM metaData WHERE id = 'password'", file: "key4.db")
        // An INTEGER of one byte, 1, behind the salt, an OCTET STRING of 32 bytes; the length of the key, 32, follows.
        let iterations = try #require(value.range(of: "020101020120"))
        let many = value.replacingCharacters(in: iterations, with: "0204FFFFFFFF").trimmingCharacters(in: .newlines)
        try database.sql("UPDATE metaData SET item2 = x'\(many)' WHERE id = 'password'", file: "key4.db")
        let error = try await #require(throws: NSSDatabaseError.self) { try await listed(database) }
        #expect(error.code == .slowPassword(iterations: 0xFFFF_FFFF))
    }
}

@Suite("What a value behind a password costs")
struct PasswordCostTests {
    /// PBES2 with PBKDF2: these numbers stand behind the salt.
    func value(_ numbers: [UInt8]) -> [UInt8] {
        func sequence(_ content: [UInt8]) -> [UInt8] { [0x30, UInt8(content.count)] + content }
        let parameters = sequence([0x04, 0x02, 1, 2] + numbers)
        let derivation = sequence([0x06, 0x01, 0x2A] + parameters)
        return sequence(sequence([0x06, 0x01, 0x2A] + sequence(derivation)) + [0x04, 0x01, 0x00])
    }

    @Test(
        "is how often it is hashed, and into how long a key",
        arguments: [
            ([2, 1, 1], 1, 0, false), ([2, 2, 0x27, 0x10, 2, 1, 32], 10_000, 32, false),
            ([2, 3, 0x0F, 0x42, 0x40], 1_000_000, 0, false), ([2, 3, 0x0F, 0x42, 0x41], 1_000_001, 0, true),
            ([2, 1, 1, 2, 2, 4, 1], 1, 1025, true), ([2, 9, 1, 0, 0, 0, 0, 0, 0, 0, 0], .max, 0, true),
            ([2, 5, 0, 0, 0, 0, 7], 7, 0, false), ([2, 0x81, 1, 5], 5, 0, false),
        ] as [([UInt8], UInt64, UInt64, Bool)]
    )
    func cost(numbers: [UInt8], iterations: UInt64, keyLength: UInt64, isExcessive: Bool) throws {
        let bytes = value(numbers)
        let parsed = PasswordCost(parsing: bytes.span)
        let cost = try #require(parsed)
        #expect(cost.iterations == iterations)
        #expect(cost.keyLength == keyLength)
        #expect(cost.isExcessive == isExcessive)
    }

    @Test("is that of the older form too, and none of what is no such value")
    func others() {
        let old: [UInt8] = [0x30, 14, 0x30, 10, 0x06, 1, 0x2A, 0x30, 5, 0x04, 0, 0x02, 1, 9, 0x04, 0]
        let cost = PasswordCost(parsing: old.span)
        #expect(cost?.iterations == 9)
        let curve: [UInt8] = [0x30, 8, 0x02, 1, 1, 0x04, 0, 0x02, 1, 9]
        let none = PasswordCost(parsing: curve.span)
        #expect(none == nil)
        for bytes: [UInt8] in [[], [0x30], [0x30, 0x80], [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF], [0x30, 2, 0x30, 9]] {
            let cost = PasswordCost(parsing: bytes.span)
            #expect(cost == nil)
        }
    }
}
