import Foundation
import Glibc
import NSSBridge
import TestSupport
import Testing

/// Where only root may write, all the way down, so that modules are loaded.
let rootOnly = "/run"

/// A module whose constructor leaves a mark: it is no PKCS #11 module, but its code runs if it is loaded at all.
@Suite(
    "A module that pkcs11.txt names runs",
    .timeLimit(.minutes(5)),
    .enabled(if: geteuid() == 0, "only root can make what only root may write")
)
struct ModuleTrustTests {
    let database: NSSTestDatabase
    let directory: TemporaryDirectory
    let library: String

    init() throws {
        database = try NSSTestDatabase(below: rootOnly)
        directory = try TemporaryDirectory("module", below: rootOnly)
        try #require(unsafe mkdir(directory.file("lib"), 0o755) == 0)
        library = directory.file("lib/module.so")
        let source = try directory.write(
            """
            #include <stdio.h>
            __attribute__((constructor)) static void run(void) { fopen("\(directory.file("ran"))", "w"); }

            """.utf8,
            to: "module.c"
        )
        try runTool("cc", ["-shared", "-fPIC", "-o", library, source])
        try set(0o755, library)
    }

    func set(_ mode: mode_t, _ path: String) throws { try #require(unsafe chmod(path, mode) == 0) }
    func give(_ path: String, _ user: uid_t, _ group: gid_t) throws {
        try #require(unsafe chown(path, user, group) == 0)
    }

    /// Opens the database with the module in it; whether its code ran, and what was said.
    func open(_ library: String? = nil) async throws -> (ran: Bool, unseen: [String]) {
        try database.addModule(library ?? self.library, name: "mark")
        let unseen = try await NSS.withDatabase(at: database.path) { $0.unseen }
        return (FileManager.default.fileExists(atPath: directory.file("ran")), unseen)
    }

    @Test("where only root may write")
    func root() async throws {
        try set(0o775, directory.file("lib"))
        let (ran, unseen) = try await open()
        #expect(ran)
        #expect(unseen.count == 1, "it is no PKCS #11 module")
        #expect(unseen.first?.contains("SECMOD_LoadUserModule") ?? false)
    }

    @Test("not where others may write to it, to pkcs11.txt, or to a directory above", arguments: 0..<6)
    func writable(place: Int) async throws {
        let path = [
            library, directory.file("lib"), directory.path, database.path, "\(database.path)/pkcs11.txt", library,
        ][place]
        if place == 5 { try give(path, 0, 1) }
        try set(place == 5 ? 0o775 : 0o757, path)
        let (ran, unseen) = try await open()
        #expect(!ran)
        let who = place == 5 ? "group 1" : "everybody"
        #expect(
            unseen == [
                "the module \(library) that pkcs11.txt names was not loaded: others than root may change what it is: "
                    + "\(who) may write to \(path); chown it to root and chmod go-w, or remove it "
                    + "(modutil -delete 'mark' -dbdir sql:DIRECTORY)"
            ]
        )
    }

    @Test("not where another user owns it, pkcs11.txt, or a directory above", arguments: 0..<4)
    func owned(place: Int) async throws {
        let path = [library, directory.file("lib"), database.path, "\(database.path)/pkcs11.txt"][place]
        try give(path, 1, 0)
        let (ran, unseen) = try await open()
        #expect(!ran)
        #expect(unseen.first?.contains("\(path) belongs to user 1; chown it to root") ?? false)
    }

    @Test("not through a link that others may replace, even where it leads to root's own")
    func links() async throws {
        let link = directory.file("link.so")
        try #require(unsafe symlink(library, link) == 0)
        #expect(try await open(link).ran)
        try #require(unsafe unlink(directory.file("ran")) == 0)
        let other = try TemporaryDirectory("public", below: rootOnly)
        try #require(unsafe symlink(library, other.file("link.so")) == 0)
        try set(0o1777, other.path)
        let (ran, unseen) = try await open(other.file("link.so"))
        // The first entry is still there, and runs.
        #expect(unseen.count == 2)
        #expect(unseen.last?.contains("everybody may write to \(other.path)") ?? false)
        #expect(ran)
    }

    @Test("not in a database among temporary files")
    func temporary() async throws {
        let database = try NSSTestDatabase()
        try database.addModule(library, name: "mark")
        let unseen = try await NSS.withDatabase(at: database.path) { $0.unseen }
        #expect(!FileManager.default.fileExists(atPath: directory.file("ran")))
        #expect(unseen.first?.contains("everybody may write to /tmp") ?? false)
    }

    @Test("not if there are more than sixteen, and that is said")
    func many() async throws {
        for number in 0..<17 { try database.addModule("/nowhere/\(number).so", name: "\(number)") }
        let unseen = try await NSS.withDatabase(at: database.path) { $0.unseen }
        #expect(unseen.count == 17)
        #expect(unseen.last == "pkcs11.txt names 17 modules, of which only 16 were loaded")
    }

    @Test("not from a pkcs11.txt that is not understood, not a file, or too long", arguments: ["x", "fifo", "long"])
    func unread(kind: String) async throws {
        let path = "\(database.path)/pkcs11.txt"
        switch kind {
        case "fifo":
            try #require(unsafe unlink(path) == 0 && mkfifo(path, 0o600) == 0)
        case "long":
            try Data(repeating: UInt8(ascii: "#"), count: 65_537).write(to: URL(filePath: path))
        default:
            try Data("library=\(library)\nwhat\n".utf8).write(to: URL(filePath: path))
        }
        let unseen = try await NSS.withDatabase(at: database.path) { $0.unseen }
        #expect(!FileManager.default.fileExists(atPath: directory.file("ran")))
        let says = ["fifo": "is not a regular file", "long": "more than 65536 bytes", "x": "not understood in line 2"]
        #expect(unseen.count == 1)
        #expect(unseen.first?.contains(says[kind] ?? "?") ?? false)
    }
}
