import ConfigurationFile
import Files
import Foundation
import Glibc
import OpenSSLBridge
import PostureModel
import ScorerModel
import ScorerTestSupport
import TestSupport
import Testing

@testable import ScorerCore

@Suite("What the scorer keeps")
struct StateTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory("state") }

    func mode(_ path: String) throws -> Int? {
        (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
    }

    @Test("in its directory is its owner's alone, and the tokens of operators and of Prometheus are made once")
    func tokens() throws {
        let path = directory.file("state")
        #expect(throws: FileError.self) { try ScorerState(directory: path) }
        try ScorerState.becomeOwner(of: path)
        let state = try ScorerState(directory: path)
        let tokens = try state.tokens()
        #expect(tokens.operators.hasPrefix("pot_") && tokens.operators.utf8.count == 47)
        #expect(tokens.metrics.hasPrefix("pmt_") && tokens.metrics.utf8.count == 47)
        #expect(!"\(tokens)".contains("pot_"))
        let again = try ScorerState(directory: path).tokens()
        #expect(again.operators == tokens.operators && again.metrics == tokens.metrics)
        #expect(try mode(path) == 0o700)
        for name in ["operator-token", "metrics-token"] { #expect(try mode("\(path)/\(name)") == 0o600) }
        #expect(state.databasePath == "\(path)/scorer.sqlite")
    }

    @Test(
        "as a token is none if it is too short to be one",
        arguments: ["operator-token", "metrics-token"],
        ["", "\n", "pot_short\n"]
    )
    func shortToken(name: String, text: String) throws {
        let path = try directory.write(Array(text.utf8), to: name)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let state = try ScorerState(directory: directory.path)
        let error = #expect(throws: (any Error).self) { try state.tokens() }
        #expect("\(error as Any)".contains(path) && "\(error as Any)".contains("delete it"))
    }

    @Test("as operator token is none if others may read it, or if it is a link")
    func openToken() throws {
        let state = try ScorerState(directory: directory.path)
        let path = directory.file("operator-token")
        let token = try state.tokens().operators
        for mode in [0o640, 0o604, 0o602] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            let error = #expect(throws: (any Error).self) { try state.tokens() }
            #expect("\(error as Any)".contains("delete it") && !"\(error as Any)".contains(token))
        }
        try FileManager.default.moveItem(atPath: path, toPath: path + "-moved")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path + "-moved")
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path + "-moved")
        #expect(throws: (any Error).self) { try state.tokens() }
        try FileManager.default.removeItem(atPath: path)
        // Nobody writes to it, and nobody waits for that.
        try #require(unsafe mkfifo(path, 0o600) == 0)
        #expect(throws: (any Error).self) { try state.tokens() }
    }

    @Test("is not kept in a directory that others may write to", arguments: [0o770, 0o707, 0o777])
    func openDirectory(mode: Int) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: directory.path)
        #expect(throws: ConfigurationError.self) { try ScorerState(directory: directory.path) }
    }

    @Test("needs a directory above it")
    func noDirectory() {
        #expect(throws: FileError(directory.file("no/such"), .system(ENOENT))) {
            try ScorerState.becomeOwner(of: directory.file("no/such"))
        }
    }

    @Test("of an enrolment token is a hash, and no two are the same")
    func enrolmentTokens() {
        let made = (0..<100).map { _ in
            EnrolmentSecret.make(uses: 1, expiresAt: TestClock.start, by: "a test", now: TestClock.start)
        }
        #expect(Set(made.map(\.token)).count == 100)
        for (token, stored) in made {
            #expect(token.hasPrefix("pet_") && Base64URL.decode(String(token.dropFirst(4)))?.count == 32)
            #expect(stored.hash == EnrolmentSecret.hash(token) && !stored.hash.contains(token))
        }
    }
}
