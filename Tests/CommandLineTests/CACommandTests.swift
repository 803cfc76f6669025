import Foundation
import ScorerTestSupport
import TestSupport
import Testing

@testable import ScorerCore

@Suite("The command line of the scorer", .timeLimit(.minutes(1)))
struct CACommandTests {
    let directory: TemporaryDirectory
    let corp: TestCorp

    init() throws {
        directory = try TemporaryDirectory("scorer")
        corp = try TestCorp.shared()
        try configure("trusted = [\"/etc/a-file-as-it-was-before.pem\"]")
    }

    func configure(_ check: String) throws {
        let text = """
            url = "https://scorer.acme.test"
            state_directory = "\(directory.file("state"))"
            [listen]
            agents = "127.0.0.1:0"
            operators = "127.0.0.1:0"
            [[check]]
            id = "corp"
            \(check)
            """
        try directory.write(text.utf8, to: "scorer.toml")
    }

    func ca(_ arguments: String...) throws -> Program.Ending {
        try runProgram(ScorerProgram.path, ["ca"] + arguments + ["--config", directory.file("scorer.toml")])
    }

    func added(_ name: String, _ certificate: TestCertificate) throws -> String {
        let ending = try ca("add", name, certificate.certificatePath)
        #expect(ending.status == 0 && ending.errors.isEmpty, "\(ending.errors)")
        return ending.output.trimmingCharacters(in: .newlines)
    }

    @Test("adds a trusted CA and prints its id, lists, shows and removes it")
    func wholePath() throws {
        let id = try added("Corp Root", corp.root)
        #expect(TrustedCAs.id(id) == id)
        let other = try added("Corp Issuing", corp.issuing)
        let list = try ca("list").output.split(separator: "\n")
        #expect(
            list == [
                "\(id)  Corp Root  issuer: CN=Corp Root  expires: 2036-01-01T00:00:00Z",
                "\(other)  Corp Issuing  issuer: CN=Corp Root  expires: 2036-01-01T00:00:00Z",
            ]
        )
        let shown = try ca("show", id.uppercased())
        #expect(shown.output.hasPrefix("id: \(id)\nname: Corp Root\nissuer: CN=Corp Root\nserial number: "))
        #expect(shown.output.contains("\nsignature: ECDSAWithSHA256\n") && shown.output.hasSuffix(corp.root.pem))
        let blind = try ca("remove", id)
        #expect(blind.status == 1 && blind.errors.contains("--confirm"), "nobody knows whom it would fail")
        let removed = try ca("remove", "--confirm", id)
        #expect(removed.status == 0 && removed.output == "removed: \(id)  Corp Root\n")
        for ending in [try ca("show", id), try ca("remove", "--confirm", id)] {
            #expect(ending.status == 1 && ending.output.isEmpty)
            #expect(ending.errors.contains("no trusted CA has the id \(id)"))
        }
        #expect(try ca("list").output.split(separator: "\n").count == 1)
    }

    @Test("adds the same certificates once, and names the id that they have")
    func twice() throws {
        let id = try added("Corp Root", corp.root)
        let again = try ca("add", "Another Name", corp.root.certificatePath)
        #expect(again.status == 1 && again.output.isEmpty)
        #expect(again.errors.contains("these very certificates are trusted already, with the id \(id)"))
    }

    @Test("refuses a file with a private key, and keeps nothing of it")
    func privateKey() throws {
        let file = try directory.write((corp.root.pem + corp.root.keyPEM).utf8, to: "both.pem")
        for path in [file, corp.root.keyPath] {
            let ending = try ca("add", "Corp Root", path)
            #expect(ending.status == 1 && ending.output.isEmpty)
            #expect(ending.errors.contains("a private key came along: it was not kept"))
        }
        #expect(try ca("list").output.isEmpty)
        let secrets = corp.root.keyPEM.split(separator: "\n").map { Array($0.utf8) }
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.file("state")) {
            let bytes = try contents(of: directory.file("state/\(name)"))
            for secret in secrets { #expect(!bytes.contains(secret), "\(name)") }
        }
    }

    @Test("refuses what is no CA, with the file or the name that is wrong")
    func wrong() throws {
        let leaf = try TestPKI().leaf("laptop-1.acme.test", issuer: nil)
        for (arguments, words) in [
            (["Corp", leaf.certificatePath], "CN=laptop-1.acme.test is not a CA's certificate"),
            (["Corp", directory.file("nothing.pem")], "nothing.pem"), (["Corp", directory.path], directory.path),
            (["", corp.root.certificatePath], "the name is 1 to 128"),
            (["Corp", directory.file("scorer.toml")], "cannot be read as PEM"),
        ] {
            let ending = try runProgram(
                ScorerProgram.path,
                ["ca", "add", "--config", directory.file("scorer.toml")] + arguments
            )
            #expect(ending.status == 1 && ending.output.isEmpty)
            #expect(ending.errors.contains(words), "\(ending.errors)")
        }
    }

    @Test("works for root as the owner of the state directory", .enabled(if: geteuid() == 0))
    func root() throws {
        let (state, nobody) = (directory.file("state"), uid_t(65534))
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: false)
        try #require(unsafe chmod(directory.path, 0o755) == 0 && chown(state, nobody, nobody) == 0)
        _ = try added("Corp Root", corp.root)
        for name in try FileManager.default.contentsOfDirectory(atPath: state) {
            let owner = try FileManager.default.attributesOfItem(atPath: "\(state)/\(name)")[.ownerAccountID]
            #expect((owner as? NSNumber)?.uint32Value == nobody, "\(name)")
        }
        let closed = directory.file("closed")
        try FileManager.default.createDirectory(
            atPath: closed,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        let backup = try runProgram(
            ScorerProgram.path,
            ["backup", "create", "\(closed)/copy", "--config", directory.file("scorer.toml")]
        )
        #expect(backup.status == 1)
        #expect(
            backup.errors.contains("Permission denied as user \(nobody), the owner of the state directory"),
            "\(backup.errors)"
        )
    }

    @Test("serves with a check whose CA is not there, and warns of it at the start")
    func missingAtStart() throws {
        let id = try added("Corp Root", corp.root)
        let unknown = "00000000-0000-4000-8000-000000000000"
        try configure("trusted = [\"\(id)\", \"\(unknown)\"]")
        let program = try Program(ScorerProgram.path, ["serve", "--config", directory.file("scorer.toml")])
        for _ in 0..<1200 where program.errors.components(separatedBy: "listening").count < 3 { usleep(100_000) }
        program.signal(SIGTERM)
        let ending = program.wait()
        #expect(ending.status == 0)
        #expect(ending.errors.contains("\(unknown) is not among the trusted CAs"), "\(ending.errors)")
        #expect(!ending.errors.contains("\(id) is not among"))
    }

    @Test("does not serve with a check that still names a file, and says what to run")
    func fileInCheck() throws {
        let ending = try runProgram(ScorerProgram.path, ["serve", "--config", directory.file("scorer.toml")])
        #expect(ending.status == 78, "EX_CONFIG of sysexits.h: the unit is not started again")
        #expect(ending.errors.contains("run 'posture-scorer ca add NAME FILE'"), "\(ending.errors)")
    }
}
