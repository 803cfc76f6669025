import Files
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Agent

@Suite("An enrolment token")
struct EnrolmentTokenTests {
    let directory: TemporaryDirectory
    let warnings = Collected<String>()

    init() throws { directory = try TemporaryDirectory("token") }

    func token(_ secret: Secret?) -> EnrolmentToken { EnrolmentToken(secret) { warnings.add($0) } }

    func write(_ text: String, mode: mode_t = 0o600) throws -> String {
        let path = try directory.write(text.utf8, to: "enrolment-token")
        unsafe chmod(path, mode)
        return path
    }

    func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    @Test("is the file's text, and gone once the device is known")
    func file() throws {
        let path = try write("pet_secret\n")
        let token = token(.file(path))
        #expect(try token.text() == "pet_secret")
        token.discard()
        #expect(!exists(path))
        #expect(try token.text() == nil)
        token.discard()
        #expect(warnings.all.isEmpty)
    }

    @Test("goes, too, where an earlier process read it and did not come to delete it")
    func leftBehind() throws {
        let path = try write("pet_secret")
        token(.file(path)).discard()
        #expect(!exists(path))
    }

    @Test("goes itself where the configuration names a link to it")
    func link() throws {
        let (path, link) = (try write("pet_secret"), directory.file("link"))
        #expect(unsafe symlink(path, link) == 0)
        token(.file(link)).discard()
        #expect(!exists(path))
        #expect(warnings.all.isEmpty)
    }

    @Test("is none where there is no file, or an empty one")
    func none() throws {
        #expect(try token(nil).text() == nil)
        #expect(try token(.file(directory.file("none"))).text() == nil)
        #expect(try token(.file(write(" \n"))).text() == nil)
    }

    @Test(
        "that others may read is refused with what to do, and not shown",
        arguments: [0o644, 0o604, 0o666] as [mode_t]
    )
    func exposed(mode: mode_t) throws {
        let path = try write("pet_secret", mode: mode)
        // What is in a directory that is closed to others is out of their reach, whatever its mode.
        #expect(try token(.file(path)).text() == "pet_secret")
        unsafe chmod(directory.path, 0o755)
        let error = try #require(throws: AgentError.self) { try token(.file(path)).text() }
        #expect(error.description.hasPrefix("\(path): is a secret, and everybody may read"))
        #expect(error.description.hasSuffix("chmod 600, or hand it over as a credential of systemd's"))
        #expect(!error.description.contains("pet_"))
    }

    @Test("may be the daemon's own, whoever uses it, and nobody else's")
    func owner() {
        func reader(_ owner: UInt32, _ mode: UInt32, in directory: UInt32, as user: UInt32) -> String? {
            let state = FileAccess(path: "/state", owner: owner, group: owner, mode: S_IFDIR | directory)
            let file = FileAccess(path: "/state/token", owner: owner, group: owner, mode: S_IFREG | mode)
            let root = FileAccess(path: "/", mode: S_IFDIR | 0o755)
            return Secret.untrustedReader(on: PathWalk(directories: [root, state], end: file), besides: user)
        }
        for user in [0, 998] as [UInt32] {
            #expect(reader(998, 0o600, in: 0o755, as: user) == nil)
            #expect(reader(998, 0o644, in: 0o700, as: user) == nil)
            #expect(reader(998, 0o640, in: 0o750, as: user) == "group 998 may read /state/token")
            #expect(reader(998, 0o604, in: 0o755, as: user) == "everybody may read /state/token")
            #expect(reader(0, 0o600, in: 0o755, as: user) == nil)
        }
    }

    @Test(
        "is left where somebody else could have put a link to another file in its place",
        .enabled(if: geteuid() == 0)
    )
    func elsewhere() throws {
        unsafe chmod(directory.path, 0o755)
        let victim = try directory.write("a secret of root's".utf8, to: "victim")
        unsafe chmod(victim, 0o600)
        let theirs = directory.file("theirs")
        try FileManager.default.createDirectory(atPath: theirs, withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(atPath: theirs + "/token", withDestinationPath: victim)
        unsafe chown(theirs, 65_534, 65_534)
        let token = token(.file(theirs + "/token"))
        #expect(throws: AgentError.self) { try token.text() }
        token.discard()
        #expect(exists(victim))
        #expect(warnings.all.count == 1 && warnings.all[0].contains("is left there, since \(theirs)"))
    }

    @Test("that cannot be deleted is left, and that is said once, with what to do")
    func undeletable() throws {
        // A directory in the token's place, which unlink(2) takes from nobody, not even from root.
        let path = directory.file("enrolment-token")
        unsafe mkdir(path, 0o700)
        let token = token(.file(path))
        for _ in 0..<3 { token.discard() }
        #expect(warnings.all.count == 1)
        let sentence = try #require(warnings.all.first)
        #expect(
            sentence.hasPrefix("the device is registered, and its enrolment token in \(path) cannot be deleted (Is a")
        )
        #expect(sentence.contains("below the state directory"))
    }

    @Test("that is a credential is left to systemd: once used, its source is to be taken away, and that is said once")
    func credential() throws {
        _ = try write("pet_secret")
        let credential = Secret.credential(Credential(name: "enrolment-token", directory: directory.path))
        let unused = token(credential)
        unused.discard()
        #expect(warnings.all.isEmpty)
        let used = token(credential)
        #expect(try used.text() == "pet_secret")
        for _ in 0..<3 { used.discard() }
        #expect(warnings.all.count == 1)
        #expect(warnings.all.first?.contains("remove LoadCredential=enrolment-token from the unit") == true)
        #expect(try used.text() == "pet_secret")
    }

    @Test("that is a credential which is not there is an error that says what to do")
    func noCredential() throws {
        let absent = token(.credential(Credential(name: "enrolment-token", directory: nil)))
        let error = try #require(throws: AgentError.self) { try absent.text() }
        #expect(error.description.contains("put LoadCredential=enrolment-token:FILE into the unit"))
    }
}
