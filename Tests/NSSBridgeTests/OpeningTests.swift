import Foundation
import Glibc
import NSSBridge
import TestSupport
import Testing

@Suite("Opening a database", .timeLimit(.minutes(5)))
struct OpeningTests {
    let pki: TestPKI
    let database: NSSTestDatabase
    let leaf: TestCertificate

    init() throws {
        pki = try TestPKI()
        database = try NSSTestDatabase()
        leaf = try pki.leaf("laptop-1.acme.test", issuer: nil)
        try database.importWithKey(leaf, nickname: "laptop")
    }

    @Test("fifty times from parallel tasks works and leaves no descriptor open")
    func parallel() async throws {
        try await withThrowingTaskGroup(of: [[UInt8]].self) { group in
            for _ in 0..<50 {
                group.addTask { try await listed(database).map(\.der) }
            }
            for try await ders in group {
                #expect(ders == [leaf.der])
            }
        }
        #expect(try openFiles(below: database.path).isEmpty)
    }

    @Test("has its files open meanwhile, and none after an error")
    func closed() async throws {
        struct Interruption: Error {}
        let path = database.path
        await #expect(throws: Interruption.self) {
            try await NSS.withDatabase(at: path) { database in
                _ = try database.certificates()
                #expect(try !openFiles(below: path).isEmpty)
                throw Interruption()
            }
        }
        #expect(try openFiles(below: path).isEmpty)
    }

    @Test("sees a database that took the place of another")
    func replaced() async throws {
        #expect(try await listed(database).map(\.der) == [leaf.der])
        let other = try NSSTestDatabase()
        let renewal = try pki.leaf("laptop-2.acme.test", issuer: nil)
        try other.importWithKey(renewal, nickname: "laptop")
        for name in ["cert9.db", "key4.db"] {
            try #require(unsafe rename("\(other.path)/\(name)", "\(database.path)/\(name)") == 0)
        }
        #expect(try await listed(database).map(\.der) == [renewal.der])
        try database.delete(nickname: "laptop")
        #expect(try await listed(database).isEmpty)
    }

    @Test("works for a path with quotes, spaces and other letters", arguments: ["a b", "it's", "q\"q", "ü\\b", "a=b"])
    func oddPath(name: String) async throws {
        let directory = try TemporaryDirectory("odd")
        try FileManager.default.copyItem(atPath: database.path, toPath: directory.file(name))
        let ders = try await NSS.withDatabase(at: directory.file(name)) { try $0.certificates().map(\.der) }
        #expect(ders == [leaf.der])
    }

    @Test("waits for another process that has it locked", arguments: ["cert9.db", "key4.db"])
    func released(name: String) async throws {
        let lock = try DatabaseLock("\(database.path)/\(name)")
        async let ders = listed(database).map(\.der)
        try await Task.sleep(for: .milliseconds(500))
        lock.release()
        #expect(try await ders == [leaf.der])
    }

    @Test("takes the prefix of certutil's option -d, and refuses what is not sql by its name")
    func prefix() async throws {
        let path = database.path
        #expect(try await NSS.withDatabase(at: "sql:\(path)") { try $0.certificates() }.map(\.der) == [leaf.der])
        for format in ["dbm", "rdb", "extern"] {
            let error = try await #require(throws: NSSDatabaseError.self) {
                try await NSS.withDatabase(at: "\(format):\(path)") { try $0.certificates() }
            }
            #expect(error.code == .otherFormat(format))
            #expect("\(error)".contains("the format \(format)"))
        }
    }

    @Test("gives up after three seconds on another process that has it locked, and says which")
    func locked() async throws {
        let lock = try DatabaseLock("\(database.path)/cert9.db")
        let start = ContinuousClock.now
        let error = try await #require(throws: NSSDatabaseError.self) { try await listed(database) }
        #expect(error.code == .locked(process: lock.holder))
        // A bound on hanging: other suites use the one queue of NSS at the same time.
        #expect(start.duration(to: .now) < .seconds(120))
    }

    @Test("does not wait for a locked database when its task is cancelled")
    func cancelled() async throws {
        let lock = try DatabaseLock("\(database.path)/cert9.db")
        let task = Task { try await listed(database) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        lock.release()
    }
}

/// What this process has open below a directory.
private func openFiles(below directory: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        .compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)") }
        .filter { $0.hasPrefix(directory) }
}
