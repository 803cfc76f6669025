import Foundation
import Glibc
import TestSupport
import Testing

@testable import Files

/// What somebody may put in the place of a file, to keep whoever opens it waiting.
enum Plant: String, CaseIterable, Sendable {
    case fifo, directory, socket, link, linkToFIFO, device

    /// Puts it there; false where this user may not.
    func plant(at path: String) throws -> Bool {
        switch self {
        case .fifo: try #require(unsafe mkfifo(path, 0o600) == 0)
        case .directory: try #require(unsafe mkdir(path, 0o700) == 0)
        case .socket: try #require(unsafe mknod(path, S_IFSOCK | 0o600, 0) == 0)
        case .link: try #require(unsafe symlink("/etc/passwd", path) == 0)
        case .linkToFIFO:
            try #require(unsafe mkfifo(path + ".other", 0o600) == 0)
            try #require(unsafe symlink(path + ".other", path) == 0)
        // /dev/zero: it has no end.
        case .device: return unsafe mknod(path, S_IFCHR | 0o600, 0x105) == 0
        }
        return true
    }
}

@Suite("A file in a directory that somebody else may own", .timeLimit(.minutes(5)))
struct RegularFileTests {
    let directory: TemporaryDirectory
    var path: String { directory.file("f") }

    init() throws { directory = try TemporaryDirectory("regular") }

    func failure(_ body: () throws -> Void) throws -> FileError.Code {
        try #require(throws: FileError.self, performing: body).code
    }

    @Test("is a file, or is not opened, and nobody is waited for", arguments: Plant.allCases)
    func plants(plant: Plant) throws {
        guard try plant.plant(at: path) else { return }
        for flags in [O_RDONLY, O_WRONLY, O_RDWR, O_WRONLY | O_CREAT] {
            #expect(try failure { _ = try RegularFile(path, flags, followingLinks: false) } == .notRegular)
        }
        if plant == .link {
            #expect(try !RegularFile(path, followingLinks: true).read(limit: 1 << 20).isEmpty)
        } else {
            #expect(try failure { _ = try RegularFile(path, followingLinks: true) } == .notRegular)
        }
    }

    @Test("is absent only where nothing is there")
    func absent() throws {
        #expect(try failure { _ = try RegularFile(path, followingLinks: false) } == .system(ENOENT))
        let below = "\(try directory.write([], to: "g"))/f"
        #expect(try failure { _ = try RegularFile(below, followingLinks: false) } == .system(ENOTDIR))
    }

    @Test("is read within a bound")
    func bound() throws {
        try directory.write([UInt8](repeating: 7, count: 40_000), to: "f")
        #expect(try RegularFile(path, followingLinks: false).read(limit: 40_000).count == 40_000)
        #expect(
            try failure { _ = try RegularFile(path, followingLinks: false).read(limit: 39_999) } == .tooLong(39_999)
        )
    }

    @Test("is locked by one at a time, and the other gives up in the end")
    func lock() throws {
        let patience = Duration.milliseconds(50)
        do {
            let first = try RegularFile(path, O_WRONLY | O_CREAT, followingLinks: false)
            try first.lock(within: .zero)
            let code = try failure { try RegularFile(path, O_WRONLY, followingLinks: false).lock(within: patience) }
            #expect(code == .locked(patience))
            #expect(try first.isInPlace())
        }
        try RegularFile(path, O_WRONLY, followingLinks: false).lock(within: .zero)
    }

    @Test("knows whether it is still the one at its path")
    func place() throws {
        let file = try RegularFile(path, O_WRONLY | O_CREAT, followingLinks: false)
        try file.write([1, 2])
        try file.write([3])
        #expect(try contents(of: path) == [3])
        try directory.write([], to: "g")
        try #require(unsafe rename(directory.file("g"), path) == 0)
        #expect(try !file.isInPlace())
    }
}
