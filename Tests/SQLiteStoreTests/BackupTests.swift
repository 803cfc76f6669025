import Foundation
import Glibc
import PostureModel
import ScorerModel
import ScorerStore
import StoreConformance
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("A backup")
struct BackupTests {
    let test: TestStore
    let copy: String

    init() throws {
        test = try TestStore()
        copy = test.directory.file("copy.sqlite")
    }

    func files() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: test.directory.path) }

    @Test("of a database in use is whole, for its owner only, and can be restored")
    func whole() async throws {
        try await test.register(1, 2)
        try await test.accept(SampleDevice.verified(1, nonce: 7, serial: "PF0FAKE1"))
        _ = try await test.store.commit([.addToken(TestStore.token(uses: 3))])
        let before = try await test.record(1)
        // Another commits all the while: none of it is there by half.
        async let writes: Void = {
            for number in 3..<60 { try await test.register(number) }
        }()
        try SQLiteStore.copy(test.path, to: copy)
        try await writes
        #expect(try runTool("sqlite3", [copy, "PRAGMA integrity_check"]).text == "ok\n")
        let attributes = try FileManager.default.attributesOfItem(atPath: copy)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        #expect(try !files().contains { $0.hasSuffix(".new") })

        let restored = try SQLiteStore(path: copy)
        #expect(try await restored.record(of: SampleDevice.id(1)) == before)
        #expect(try await restored.tokens(limit: 9) == [TestStore.token(uses: 3)])
        #expect(try await restored.counts(at: TestStore.now).devices >= 2)
    }

    @Test("has no key that nonces were made with, in its rows or in what is left of them")
    func nonceKeys() async throws {
        let secret = Array("a secret of thirty-two bytes ...".utf8)
        try await test.store.add(
            NonceKey(id: 1, secret: secret, createdAt: TestStore.now),
            deletingBefore: TestStore.now
        )
        try SQLiteStore.copy(test.path, to: copy)
        #expect(try await test.store.nonceKeys().count == 1)
        #expect(try await SQLiteStore(path: copy).nonceKeys().isEmpty)
        #expect(try !contents(of: copy).contains(secret))
    }

    @Test("never takes the place of a file, or of a link")
    func neverReplaces() throws {
        try test.directory.write(Array("mine".utf8), to: "copy.sqlite")
        let error = #expect(throws: CopyError.self) { try SQLiteStore.copy(test.path, to: copy) }
        #expect("\(error as Any)".contains("\(copy): File exists"))
        #expect(try contents(of: copy) == Array("mine".utf8))
        let link = test.directory.file("link.sqlite")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: test.directory.file("nowhere"))
        #expect(throws: CopyError.self) { try SQLiteStore.copy(test.path, to: link) }
        #expect(!FileManager.default.fileExists(atPath: test.directory.file("nowhere")))
    }

    @Test("leaves the other files as they are, and of many at once to one name one is it")
    func drafts() async throws {
        let other = try test.directory.write(Array("mine".utf8), to: "copy.sqlite.new")
        try await test.register(1)
        let (source, target) = (test.path, copy)
        let errors = await withTaskGroup(of: String?.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    do { try SQLiteStore.copy(source, to: target) } catch { return "\(error)" }
                    return nil
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(errors.count { $0 == nil } == 1)
        #expect(errors.allSatisfy { $0?.hasSuffix("\(target): File exists") != false }, "\(errors)")
        #expect(try contents(of: other) == Array("mine".utf8))
        #expect(try files().count { $0.hasSuffix(".new") } == 1)
        #expect(try runTool("sqlite3", [copy, "PRAGMA integrity_check"]).text == "ok\n")
    }

    @Test("of what is no database, or to where there is no directory, is none")
    func impossible() throws {
        let other = try test.directory.write(Array("not a database, but long enough to look at".utf8), to: "other")
        for (path, target) in [
            (other, copy), (test.directory.file("nothing"), copy), (test.path, test.directory.file("no/such/copy")),
        ] {
            #expect(throws: CopyError.self) { try SQLiteStore.copy(path, to: target) }
            #expect(!FileManager.default.fileExists(atPath: target))
            #expect(try !files().contains { $0.hasSuffix(".new") })
        }
        #expect(!FileManager.default.fileExists(atPath: test.directory.file("nothing")))
    }
}
