import Files
import Foundation
import Glibc
import TestSupport
import Testing

@testable import NSSBridge

@Suite("Who may write to a database, and read its keys")
struct DatabaseAccessTests {
    static let user: UInt32 = 7

    struct Case: Sendable {
        var directory: (UInt32, UInt32, UInt32) = (0, 0, 0o755)
        var certificates: (UInt32, UInt32, UInt32) = (0, 0, 0o644)
        var keys: (UInt32, UInt32, UInt32) = (0, 0, 0o600)
        var parent: (UInt32, UInt32, UInt32) = (0, 0, 0o755)
        var password = false
        var writer: String?
        var reader: String?
    }

    static let cases = [
        Case(),
        Case(directory: (7, 7, 0o755), certificates: (7, 7, 0o644), keys: (7, 7, 0o600)),
        Case(directory: (8, 8, 0o700), writer: "/d belongs to user 8"),
        Case(directory: (0, 5, 0o775), writer: "group 5 may write to /d"),
        Case(directory: (0, 0, 0o777), writer: "everybody may write to /d"),
        Case(directory: (0, 0, 0o1777), writer: "everybody may write to /d"),
        Case(parent: (0, 0, 0o777), writer: "everybody may write to /"),
        Case(parent: (0, 0, 0o1777)),
        Case(certificates: (0, 0, 0o666), writer: "everybody may write to /d/cert9.db"),
        Case(directory: (0, 0, 0o700), certificates: (0, 0, 0o666), keys: (0, 0, 0o666)),
        Case(directory: (0, 5, 0o710), certificates: (0, 5, 0o664), writer: "group 5 may write to /d/cert9.db"),
        Case(keys: (0, 0, 0o604), reader: "everybody may read /d/key4.db"),
        Case(keys: (0, 5, 0o640), reader: "group 5 may read /d/key4.db"),
        Case(keys: (0, 0, 0o640)),
        Case(
            keys: (8, 0, 0o600),
            writer: "/d/key4.db belongs to user 8",
            reader: "/d/key4.db belongs to user 8"
        ),
        Case(keys: (0, 0, 0o604), password: true),
        Case(directory: (0, 0, 0o750), keys: (0, 0, 0o604)),
        Case(directory: (0, 5, 0o750), keys: (0, 0, 0o604), reader: "everybody may read /d/key4.db"),
    ]

    @Test("by modes, owners and groups", arguments: cases)
    func modes(given: Case) throws {
        func access(_ path: String, _ values: (UInt32, UInt32, UInt32), _ type: UInt32) -> FileAccess {
            FileAccess(path: path, owner: values.0, group: values.1, mode: type | values.2)
        }
        let end = access("/d", given.directory, S_IFDIR)
        let directories = [access("/", given.parent, S_IFDIR), end]
        let way = PathWalk(directories: directories, end: end)
        let files = ["cert9.db": given.certificates, "key4.db": given.keys]
        let walks = Dictionary(
            uniqueKeysWithValues: files.map { name, values in
                (name, PathWalk(directories: directories, end: access("/d/\(name)", values, S_IFREG)))
            }
        )
        let result = DatabaseAccess(way: way, walks: walks, user: DatabaseAccessTests.user, hasPassword: given.password)
        #expect(result.othersMayWrite == given.writer.map { "\($0); chown it to root and chmod go-w" })
        #expect(
            result.othersMayReadKeys
                == given.reader.map { "\($0), which has no password: chown it to root and chmod 600" }
        )
    }

    @Test("of a real one, and a password that makes reading worthless", arguments: [nil, "correct horse"])
    func real(password: String?) async throws {
        let database = try NSSTestDatabase(password: password)
        func access() async throws -> DatabaseAccess { try await NSS.withDatabase(at: database.path) { $0.access } }
        try #require(unsafe chmod(database.path, 0o755) == 0)
        #expect(try await access() == DatabaseAccess(othersMayWrite: nil, othersMayReadKeys: nil))
        try #require(unsafe chmod("\(database.path)/key4.db", 0o644) == 0)
        #expect(try await (access().othersMayReadKeys != nil) == (password == nil))
        #expect(try await access().othersMayWrite == nil)
        try #require(unsafe chmod("\(database.path)/pkcs11.txt", 0o666) == 0)
        #expect(try await access().othersMayWrite?.contains("/pkcs11.txt; chown it to root and chmod go-w") ?? false)
        try #require(unsafe chmod(database.path, 0o700) == 0)
        #expect(try await access() == DatabaseAccess(othersMayWrite: nil, othersMayReadKeys: nil))
    }

    @Test("of one whose files are links: by what they lead to, and by who may change that")
    func links() async throws {
        let database = try NSSTestDatabase()
        let elsewhere = try TemporaryDirectory("elsewhere")
        try #require(unsafe chmod(elsewhere.path, 0o755) == 0)
        func access() async throws -> DatabaseAccess { try await NSS.withDatabase(at: database.path) { $0.access } }
        let target = elsewhere.file("store.db")
        try FileManager.default.moveItem(atPath: "\(database.path)/key4.db", toPath: target)
        try FileManager.default.createSymbolicLink(atPath: "\(database.path)/key4.db", withDestinationPath: target)
        try #require(unsafe chmod(target, 0o600) == 0)
        #expect(try await access() == DatabaseAccess(othersMayWrite: nil, othersMayReadKeys: nil))
        // The database's own directory is closed, which is of no use to what is not in it.
        try #require(unsafe chmod(database.path, 0o700) == 0)
        try #require(unsafe chmod(target, 0o644) == 0)
        #expect(try await access().othersMayReadKeys?.contains("everybody may read \(target)") == true)
        try #require(unsafe chmod(elsewhere.path, 0o777) == 0)
        #expect(try await access().othersMayWrite?.contains("everybody may write to \(elsewhere.path)") == true)
    }
}
