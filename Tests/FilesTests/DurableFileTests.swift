import Foundation
import Glibc
import TestSupport
import Testing

@testable import Files

@Suite("A file that is written durably")
struct DurableFileTests {
    let directory: TemporaryDirectory
    var path: String { directory.file("f") }

    init() throws { directory = try TemporaryDirectory("durable") }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
    }

    private func mode() throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test("is made whole, for this user alone, and leaves no draft")
    func create() throws {
        let bytes = [UInt8](repeating: 7, count: 100_000)
        try DurableFile.create(path, with: bytes)
        #expect(try contents(of: path) == bytes)
        #expect(try mode() == 0o600)
        #expect(try names() == ["f"])
    }

    @Test("stays as it is where it is made again, a link that leads nowhere too")
    func existing() throws {
        try directory.write([1], to: "f")
        #expect(throws: FileError(path, .system(EEXIST))) { try DurableFile.create(path, with: [2]) }
        #expect(try contents(of: path) == [1])
        try FileManager.default.removeItem(atPath: path)
        try #require(unsafe symlink(directory.file("elsewhere"), path) == 0)
        #expect(throws: FileError(path, .system(EEXIST))) { try DurableFile.create(path, with: [2]) }
        #expect(try names() == ["f"])
    }

    @Test("is made once by many that make it at once")
    func race() async throws {
        // Large enough for the others to begin meanwhile.
        let bytes = [UInt8](repeating: 7, count: 1_000_000)
        for round in 0..<20 {
            let path = directory.file("\(round)")
            let made = await withTaskGroup { group in
                for _ in 0..<8 { group.addTask { (try? DurableFile.create(path, with: bytes)) != nil } }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(made == 1)
            #expect(try contents(of: path) == bytes)
        }
        #expect(try names().count == 20)
    }

    @Test("is not made in a directory that is not there; the error names the file")
    func noDirectory() throws {
        let path = directory.file("no/f")
        #expect(throws: FileError(path, .system(ENOENT))) { try DurableFile.create(path, with: [1]) }
        #expect(throws: FileError.self) { try DurableFile.replace(path, with: [1]) }
    }

    @Test("is replaced as a whole, also where it has others' rights")
    func replace() throws {
        try directory.write(Array(repeating: 1, count: 10), to: "f")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        try DurableFile.replace(path, with: [2])
        #expect(try contents(of: path) == [2])
        #expect(try mode() == 0o600)
        #expect(try names() == ["f"])
    }

    @Test("is replaced by no draft that others may read, and writes through no second name of one")
    func plantedDraft() throws {
        let elsewhere = try directory.write([1], to: "elsewhere")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: elsewhere)
        try #require(unsafe link(elsewhere, "\(path).new") == 0)
        try DurableFile.replace(path, with: [2])
        #expect(try contents(of: elsewhere) == [1])
        #expect(try contents(of: path) == [2])
        try directory.write([3], to: "f.new")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: "\(path).new")
        try DurableFile.replace(path, with: [4])
        #expect(try mode() == 0o600)
        #expect(try names() == ["elsewhere", "f"])
    }

    @Test("that cannot get its name leaves no draft, and what is there")
    func noName() throws {
        try #require(unsafe mkdir(path, 0o700) == 0)
        #expect(throws: FileError(path, .system(EISDIR))) { try DurableFile.replace(path, with: [1]) }
        #expect(try names() == ["f"])
    }
}

@Suite("The words for an errno")
struct ErrorTextTests {
    @Test("are the C library's", arguments: [(ENOENT, "No such file or directory"), (99_999, "Unknown error 99999")])
    func words(number: CInt, text: String) {
        #expect(errorText(number) == text)
    }
}
