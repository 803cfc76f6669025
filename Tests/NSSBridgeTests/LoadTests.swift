import Foundation
import Glibc
import NSSBridge
import PostureModel
import TestSupport
import Testing

@Suite("A database under load", .timeLimit(.minutes(5)))
struct LoadTests {
    let pki: TestPKI
    let database: NSSTestDatabase

    init() throws {
        pki = try TestPKI()
        database = try NSSTestDatabase()
    }

    @Test("shows all that is in it, with the keys, while another process imports")
    func writer() async throws {
        let root = try pki.ca("Corp Root")
        let before = try (0..<5).map { try pki.leaf("old-\($0).acme.test", issuer: root) }
        for leaf in before { try database.importWithKey(leaf, nickname: leaf.certificatePath) }
        let added = try (0..<30).map { try pki.leaf("new-\($0).acme.test", issuer: root) }
        let directory = try TemporaryDirectory("writer")
        let imports = try added.enumerated().map { number, leaf in
            let bundle = directory.file("\(number).p12")
            try runTool(
                "openssl",
                [
                    "pkcs12", "-export", "-in", leaf.certificatePath, "-inkey", leaf.keyPath, "-name", "new \(number)",
                    "-passout", "pass:test", "-iter", "1", "-out", bundle,
                ]
            )
            return "pk12util -i '\(bundle)' -d 'sql:\(database.path)' -W test -K ''"
        }
        let script = "\(imports.joined(separator: "\nsleep 0.05\n"))\necho added"
        let writer = try Program("sh", ["-e", "-c", script])
        var seen = Set(before.map(\.der))
        while !writer.output.hasSuffix("added\n"), writer.errors.isEmpty {
            let last = seen
            seen = try await whenUnlocked(database) { database in
                var seen = last
                for _ in 0..<20 {
                    let certificates = try database.certificates()
                    let ders = Set(certificates.map(\.der))
                    #expect(ders.isSuperset(of: seen))
                    // A key is imported before its certificate: where this is, that is.
                    #expect(certificates.allSatisfy { $0.privateKey == .present })
                    seen = ders
                }
                return seen
            }
        }
        let ending = writer.wait()
        #expect(ending.status == 0, "\(ending.errors)")
        #expect(Set(try await listed(database).map(\.der)) == Set((before + added).map(\.der)))
    }

    @Test("shows all that stays in it while another process deletes what has just been listed")
    func deletion() async throws {
        let stays = try pki.leaf("stays.acme.test", issuer: nil)
        let goes = try pki.leaf("goes.acme.test", issuer: nil)
        try database.importWithKey(stays, nickname: "stays")
        let place = "-d 'sql:\(database.path)'"
        let script = """
            while [ ! -e '\(database.path)/stop' ]; do
                certutil -A -n goes -t ,, \(place) -i '\(goes.certificatePath)'
                certutil -D -n goes \(place)
                sleep 0.01
            done
            """
        let writer = try Program("sh", ["-e", "-c", script])
        for _ in 0..<2 {
            try await whenUnlocked(database) { database in
                for _ in 0..<150 {
                    let ders = try database.certificates().map(\.der)
                    #expect(ders.contains(stays.der))
                    #expect(Set(ders).isSubset(of: [stays.der, goes.der]))
                }
            }
        }
        // A certutil whose database goes away under it looks for it for ever.
        try Data().write(to: URL(filePath: database.path + "/stop"))
        let ending = writer.wait()
        #expect(ending.errors.isEmpty && ending.status == 0)
    }

    /// Puts 9,999 certificates beside one, which differ in their serial numbers.
    private func multiply() throws {
        let program = """
            import sqlite3, sys
            db = sqlite3.connect(sys.argv[1])
            columns = [row[1] for row in db.execute("PRAGMA table_info(nssPublic)")]
            row = dict(zip(columns, db.execute("SELECT * FROM nssPublic WHERE a0 = x'00000001'").fetchone()))
            der, serial = row["a11"], row["a82"]
            rows = []
            for number in range(1, 10_000):
                other = serial[:-3] + number.to_bytes(3, "big")
                rows.append([{"id": 0x10000 + number, "a82": other, "a11": der.replace(serial, other)}.get(name, value)
                             for name, value in row.items()])
            db.executemany(f"INSERT INTO nssPublic VALUES ({','.join('?' * len(columns))})", rows)
            db.commit()
            """
        try runTool("python3", ["-c", program, "\(database.path)/cert9.db"])
    }

    @Test("of 10,000 certificates of one issuer is listed in seconds")
    func many() async throws {
        try database.importWithKey(try pki.leaf("laptop-1.acme.test", issuer: nil), nickname: "laptop")
        try multiply()
        // Timed inside, on the one thread of NSS. About 2 s; in NSS's usual way a minute.
        let (certificates, seconds) = try await NSS.withDatabase(at: database.path) { database in
            let start = threadSeconds()
            let certificates = try database.certificates()
            return (certificates, threadSeconds() - start)
        }
        #expect(seconds < 20)
        #expect(Set(certificates.map(\.der)).count == 10_000)
        #expect(certificates.allSatisfy { $0.privateKey == .present })
    }

    @Test("with any page of it damaged is an error or all there, never less")
    func damaged() async throws {
        let root = try pki.ca("Corp Root")
        for number in 0..<12 {
            try database.add(try pki.leaf("laptop-\(number).acme.test", issuer: root), nickname: "\(number)")
        }
        let whole = Set(try await listed(database).map(\.der))
        let path = "\(database.path)/cert9.db"
        let original = try contents(of: path)
        var errors = 0
        for start in stride(from: 4096, to: original.count, by: 4096) {
            var bytes = original
            for offset in start..<start + 4096 { bytes[offset] ^= 0xFF }
            try Data(bytes).write(to: URL(filePath: path))
            do {
                #expect(Set(try await listed(database).map(\.der)) == whole, "page \(start / 4096 + 1)")
            } catch {
                errors += 1
            }
        }
        #expect(errors > 1)
        #expect(original.count >= 10 * 4096)
    }

    @Test("with a table that claims to be empty is an error, not none", arguments: ["cert9.db", "key4.db"])
    func emptied(name: String) async throws {
        try database.importWithKey(try pki.leaf("laptop.acme.test", issuer: nil), nickname: "laptop")
        let path = "\(database.path)/\(name)"
        var bytes = try contents(of: path)
        // The table of objects begins on page 2; bytes 3 and 4 of a leaf are how many rows it has.
        try #require(bytes[4096] == 0x0D)
        bytes.replaceSubrange(4099...4100, with: [0, 0])
        try Data(bytes).write(to: URL(filePath: path))
        let error = try await #require(throws: NSSDatabaseError.self) { try await listed(database) }
        #expect("\(error)".contains("/\(name): damaged (SQLite: "))
    }

    @Test("with bytes of any page flipped is an error or all there, with the keys, never less", arguments: 0..<3)
    func flipped(round: UInt64) async throws {
        for number in 0..<4 {
            let leaf = try pki.leaf("laptop-\(number).acme.test", issuer: nil)
            try database.importWithKey(leaf, nickname: "\(number)")
        }
        // What stands in a value is nothing that SQLite knows of: a certificate is covered by its own signature.
        func keys() async throws -> [PrivateKeyPresence] { try await listed(database).map(\.privateKey) }
        let whole = try await keys()
        #expect(whole == Array(repeating: .present, count: 4))
        var generator = Numbers(state: 0x9E37_79B9 + round)
        var errors = 0
        for name in ["cert9.db", "key4.db"] {
            let path = "\(database.path)/\(name)"
            let original = try contents(of: path)
            for start in stride(from: 0, to: original.count, by: 4096) {
                var bytes = original
                for _ in 0..<1 << (2 * round) {
                    bytes[start + .random(in: (start == 0 ? 100 : 0)..<4096, using: &generator)] ^=
                        .random(in: 1...255, using: &generator)
                }
                try Data(bytes).write(to: URL(filePath: path))
                do {
                    let seen = try await keys()
                    // In key4.db it may look as if there were a password: unknown, and not absent.
                    #expect(seen.count == 4 && !seen.contains(.absent), "\(name), page \(start / 4096 + 1)")
                } catch { errors += 1 }
            }
            try Data(original).write(to: URL(filePath: path))
        }
        #expect(errors > 0)
        #expect(try await keys() == whole)
    }
}

/// What `body` makes of the database, once its writer lets go of it.
///
/// A commit waits for the disk: one that takes longer than a reader waits is an error that says so, and no listing.
private func whenUnlocked<Value: Sendable>(
    _ database: NSSTestDatabase,
    _ body: @NSS (borrowing NSSDatabase) throws -> Value
) async throws -> Value {
    while true {
        do { return try await NSS.withDatabase(at: database.path, body) } catch let error as NSSDatabaseError {
            guard case .locked = error.code else { throw error }
        }
    }
}

/// The same numbers each time: splitmix64.
private struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// The CPU time that this thread has had, in seconds: whoever else is busy on the machine does not count.
private func threadSeconds() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
