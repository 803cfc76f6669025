import ConfigurationFile
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Agent

@Suite("What somebody puts in the place of a service's file", .timeLimit(.minutes(5)))
struct PlantedFileTests {
    let directory: TemporaryDirectory
    var path: String { directory.file("state.json") }

    init() throws { directory = try TemporaryDirectory("planted") }

    func fifo(_ path: String) throws { try #require(unsafe mkfifo(path, 0o600) == 0) }

    @Test("as a draft is removed, and the file is written")
    func drafts() throws {
        try fifo("\(path).new")
        try replaceFile(path, with: [1])
        try #require(unsafe symlink("/dev/zero", "\(path).new") == 0)
        try replaceFile(path, with: [2])
        try #require(unsafe symlink(directory.write([9], to: "other"), "\(path).new") == 0)
        try replaceFile(path, with: [3])
        #expect(try contents(of: path) == [3])
        #expect(try contents(of: directory.file("other")) == [9])
        #expect(try Set(FileManager.default.contentsOfDirectory(atPath: directory.path)) == ["state.json", "other"])
    }

    @Test("as a draft that cannot be removed is an error that names it")
    func directoryAsDraft() throws {
        try #require(unsafe mkdir("\(path).new", 0o700) == 0)
        let error = try #require(throws: ConfigurationError.self) { try replaceFile(path, with: [1]) }
        #expect("\(error)" == "\(path).new: cannot be written: is not a regular file")
    }

    @Test("as the file itself is replaced like a file")
    func file() throws {
        try fifo(path)
        #expect(throws: ConfigurationError.self) { try readFile(path, isOwn: true) }
        try replaceFile(path, with: [1])
        #expect(try readFile(path, isOwn: true) == [1])
    }

    @Test("a lock on a draft is waited for within a bound")
    func lock() throws {
        let file = unsafe open("\(path).new", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        try #require(file >= 0 && flock(file, LOCK_EX | LOCK_NB) == 0)
        #expect(throws: ConfigurationError.self) { try replaceFile(path, with: [1], patience: .milliseconds(50)) }
        close(file)
        try replaceFile(path, with: [1])
        #expect(try contents(of: path) == [1])
    }

    @Test("a link is followed to a file of the administrator's, and not to one of the service's")
    func links() throws {
        try #require(unsafe symlink(directory.write([9], to: "other"), path) == 0)
        #expect(try readFile(path) == [9])
        #expect(throws: ConfigurationError.self) { try readFile(path, isOwn: true) }
    }

    @Test("a device key that is none is an error that says so, and stays", arguments: ["fifo", "link", "directory"])
    func deviceKey(kind: String) throws {
        let key = directory.file("device-key.pem")
        switch kind {
        case "fifo": try fifo(key)
        case "link": try #require(unsafe symlink("/dev/zero", key) == 0)
        default: try #require(unsafe mkdir(key, 0o700) == 0)
        }
        let error = try #require(throws: ConfigurationError.self) { try DeviceKey(in: directory.path) }
        #expect("\(error)".contains("is not a regular file: put the key itself there"))
    }

    @Test("a last good configuration that is none is passed over")
    func lastGood() throws {
        try fifo(directory.file("last-good-configuration.json"))
        let config = try directory.write("[scorer]\nurl = \"https://scorer.test\"\n".utf8, to: "postured.toml")
        let loaded = try LoadedConfiguration(at: config, rememberedIn: directory.path, credentials: nil)
        #expect(loaded.flaw == nil)
        #expect(try !readFile(directory.file("last-good-configuration.json"), isOwn: true).isEmpty)
    }
}
