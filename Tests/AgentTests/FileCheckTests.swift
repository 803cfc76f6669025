import Foundation
import PostureModel
import TestSupport
import Testing
import Verification

@testable import Agent

@Suite("A certificate in a file", .timeLimit(.minutes(5)))
struct FileCheckTests {
    let fixture: CheckFixture
    let scorer = TestScorer()

    init() throws { fixture = try CheckFixture() }

    /// Writes a file that only its owner may read.
    private func write(_ text: String, _ name: String, mode: Int = 0o600) throws -> String {
        let path = try fixture.directory.write(text.utf8, to: name)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    private func run(_ certificate: String, _ key: String) async throws -> CheckResult {
        try await fixture.check(source: .files(certificate: certificate, privateKey: key)).run()
    }

    @Test("is found with its key in another file, or in the same, and proven to the scorer")
    func found() async throws {
        for key in [TestPKI.Key.p256, .p384, .rsa(2048)] {
            let leaf = try fixture.pki.leaf(CheckFixture.name, issuer: fixture.issuing, key: key)
            let chain = leaf.pem + fixture.issuing.pem
            let (apart, together) = (try write(chain, "c.pem"), try write(chain + leaf.keyPEM, "both.pem"))
            let keyPath = try write(leaf.keyPEM, "k.pem")
            for (certificate, key) in [(apart, keyPath), (together, together)] {
                #expect(try await run(certificate, key).outcome == .pass)
                let check = try fixture.check(source: .files(certificate: certificate, privateKey: key))
                let report = try await scorer.report(of: TestDevice(fixture, check: check), demanding: fixture)
                #expect(report.checks.map(\.level) == [.proven], "\(report.checks)")
            }
        }
    }

    @Test("is found where a Windows editor saved it and its key")
    func windows() async throws {
        let leaf = try fixture.leaf()
        func saved(_ pem: String, _ name: String) throws -> String {
            try write("\u{feff}" + pem.replacing("\n", with: "\r\n"), name)
        }
        let both = try saved(leaf.pem + fixture.issuing.pem + leaf.keyPEM, "both.pem")
        #expect(try await run(both, both).outcome == .pass)
        let apart = try saved(leaf.pem + fixture.issuing.pem, "c.pem")
        #expect(try await run(apart, saved(leaf.keyPEM, "k.pem")).outcome == .pass)
    }

    @Test("without its key, with another's, or with one behind a password")
    func keys() async throws {
        let leaf = try fixture.leaf()
        let certificate = try write(leaf.pem, "c.pem")
        #expect(try await run(certificate, certificate).code == .noPrivateKey)
        #expect(try await run(certificate, fixture.directory.file("none")).code == .noPrivateKey)
        #expect(try await run(certificate, write(fixture.root.keyPEM, "other.pem")).code == .noPrivateKey)
        let encrypted = fixture.directory.file("encrypted.pem")
        try runTool("openssl", ["pkey", "-in", leaf.keyPath, "-aes128", "-passout", "pass:x", "-out", encrypted])
        let locked = try await run(certificate, encrypted)
        #expect(locked.outcome == .unable)
        #expect(locked.code == .privateKeyUnreadable)
        #expect(locked.reason.contains("openssl pkey -in \(encrypted) -out"))
        let garbage = try write("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "garbage.pem")
        #expect(try await run(certificate, garbage).code == .privateKeyUnreadable)
    }

    @Test("that is not there is not there, and one that cannot be read is not looked at")
    func absent() async throws {
        let missing = fixture.directory.file("none.pem")
        let absent = try await run(missing, missing)
        #expect(absent.outcome == .fail)
        #expect(absent.code == .notFound)
        #expect(absent.reason.contains(missing))
        for (text, name) in [
            ("", "empty.pem"), ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "x.pem"),
        ] {
            let result = try await run(write(text, name), missing)
            #expect(result.outcome == .unable)
            #expect(result.code == .unreadable)
        }
        #expect(try await run(fixture.directory.path, missing).outcome == .unable)
    }

    @Test("below a directory without any permissions is hidden, and so is its key: neither is absent")
    func hidden() async throws {
        let home = fixture.directory.file("home")
        try FileManager.default.createDirectory(
            atPath: home,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0]
        )
        let result = try await run("\(home)/a/c.pem", "\(home)/a/k.pem")
        #expect(result.outcome == .unable)
        #expect(result.code == .unreadable)
        #expect(result.reason.hasPrefix("\(home)/a/c.pem: hidden: "), "\(result.reason)")
        let key = try await run(write(fixture.leaf().pem, "c.pem"), "\(home)/a/k.pem")
        #expect(key.outcome == .unable)
        #expect(key.code == .privateKeyUnreadable)
        #expect(key.reason.contains("\(home)/a/k.pem: hidden: "), "\(key.reason)")
    }

    @Test("whose key others may read passes, says so, and is less than proven to the scorer")
    func shared() async throws {
        let leaf = try fixture.leaf()
        let shared = try TemporaryDirectory("shared")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: shared.path)
        let path = try shared.write((leaf.pem + leaf.keyPEM).utf8, to: "both.pem")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        let result = try await run(path, path)
        #expect(result.outcome == .pass)
        #expect(result.warnings.contains { $0.contains("everybody may read \(path)") }, "\(result.warnings)")
        let check = try fixture.check(source: .files(certificate: path, privateKey: path))
        let verdict = try await scorer.report(of: TestDevice(fixture, check: check), demanding: fixture).checks.first
        #expect(verdict?.level == .keyPresent)
        #expect(verdict?.code == "key_shared")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        #expect(
            try await scorer.report(of: TestDevice(fixture, check: check), demanding: fixture).checks.first?.level
                == .proven
        )
    }
}
