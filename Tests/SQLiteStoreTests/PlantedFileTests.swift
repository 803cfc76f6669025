import Glibc
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("What somebody puts in the place of the database", .timeLimit(.minutes(5)))
struct PlantedFileTests {
    let directory: TemporaryDirectory
    var path: String { directory.file("scorer.sqlite") }

    init() throws { directory = try TemporaryDirectory("planted") }

    @Test("or of a file beside it is named, and not waited for", arguments: ["", "-wal", "-shm", "-journal"])
    func fifo(suffix: String) throws {
        try SQLiteStore(path: path).close()
        unsafe unlink(path + suffix)
        try #require(unsafe mkfifo(path + suffix, 0o600) == 0)
        let error = try #require(throws: StoreError.self) { try SQLiteStore(path: path) }
        #expect("\(error)" == "\(path)\(suffix) is not a regular file: remove it, and see who put it there")
        #expect(throws: StoreError.self) { try SQLiteStore.copy(path, to: directory.file("copy")) }
    }

    @Test("may be a link to a file, with companions beside that")
    func link() throws {
        let other = directory.file("other.sqlite")
        try SQLiteStore(path: other).close()
        try #require(unsafe symlink(other, path) == 0)
        try SQLiteStore(path: path).close()
        try #require(unsafe mkfifo("\(other)-journal", 0o600) == 0)
        #expect(throws: StoreError.self) { try SQLiteStore(path: path) }
    }

    @Test("a lock on its directory is waited for within a bound")
    func lock() throws {
        let held = unsafe open(directory.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        try #require(held >= 0 && flock(held, LOCK_EX | LOCK_NB) == 0)
        let error = try #require(throws: StoreError.self) { try UpgradeLock(for: path, patience: .milliseconds(50)) }
        #expect("\(error)".hasPrefix("\(directory.path): is locked by another process"))
        close(held)
        // A program that a test started has the descriptor too, until it is run.
        try UpgradeLock(for: path, patience: .seconds(5)).release()
    }
}
