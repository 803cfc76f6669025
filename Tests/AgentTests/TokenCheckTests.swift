import Foundation
import Glibc
import OpenSSLBridge
import PostureModel
import TestSupport
import Testing

@testable import Agent

/// A machine whose certificate is in a token beside the database, and whose credentials systemd has put into a directory.
@Suite(
    "A certificate in a token",
    .serialized,
    .timeLimit(.minutes(5)),
    .enabled(if: geteuid() == 0, "only root can make what only root may write")
)
struct TokenCheckTests {
    let machine: TestMachine
    let database: NSSTestDatabase
    let token: SoftToken
    let credentials: TemporaryDirectory

    init() throws {
        machine = try TestMachine()
        token = try SoftToken("Corp Token", apart: true)
        database = try NSSTestDatabase(below: "/run")
        try database.addModule(SoftToken.library, name: "soft hsm")
        credentials = try TemporaryDirectory("credentials")
    }

    private func postured(
        _ command: String,
        _ lines: String = "",
        scorer: String? = nil,
        credentials: TemporaryDirectory? = nil
    ) throws -> Program.Ending {
        try machine.write(
            """
            state_directory = "\(machine.fixture.directory.file("state"))"
            \(scorer.map { "[scorer]\nurl = \"\($0)\"" } ?? "")
            [[check]]
            id = "corp"
            database = "\(database.path)"
            common_name = "\(CheckFixture.name)"
            trusted = ["\(machine.fixture.root.certificatePath)"]
            \(lines)
            """
        )
        var environment = ["SOFTHSM2_CONF": token.configuration]
        environment["CREDENTIALS_DIRECTORY"] = credentials?.path
        return try runProgram(
            TestMachine.postured,
            [command, "--config", machine.config],
            environment: environment
        )
    }

    @Test("passes with its PIN from a systemd credential, and without one cannot be looked at")
    func pin() throws {
        try database.importWithKey(machine.fixture.leaf(), nickname: "laptop", token: token)
        let without = try postured("check")
        #expect(without.status == 2, "\(without.output)")
        try credentials.write(token.passwordLine.utf8, to: "nssdb")
        let line = "database_password_credential = \"nssdb\""
        let with = try postured("check", line, credentials: credentials)
        #expect(with.status == 0, "\(with.output)\(with.errors)")
        let unset = try postured("check", line)
        #expect(unset.status == 2)
        #expect(unset.output.contains("LoadCredential=nssdb:FILE"), "\(unset.output)")
    }

    @Test("signs the proof of a report", arguments: [TestPKI.Key.p256, .p384, .rsa(2048), .rsa(4096)])
    func proven(key: TestPKI.Key) async throws {
        let leaf = try machine.fixture.pki.leaf(CheckFixture.name, issuer: machine.fixture.root, key: key)
        try database.importWithKey(leaf, nickname: "laptop", token: token)
        try credentials.write(token.passwordLine.utf8, to: "nssdb")
        let reports = Collected<[UInt8]>()
        let server = try LoopbackServer { request, connection in
            guard request.method == "POST" else { return connection.answer(204, ["Replay-Nonce": "nonce-1"]) }
            reports.add(request.body)
            connection.answer(500)
        }
        let line = "database_password_credential = \"nssdb\""
        _ = try postured("report", line, scorer: server.url, credentials: credentials)
        let message = try JWS(parsing: #require(reports.all.first))
        let proof = try #require(message.signatures.first { $0.header.role == "corp" })
        #expect(proof.certificates == [leaf.der])
        let input = JWS.signingInput(encodedHeader: proof.encodedHeader, encodedPayload: message.encodedPayload)
        let publicKey = try Certificate(der: leaf.der).publicKey()
        #expect(publicKey.verifies(proof.bytes, over: input, algorithm: proof.header.alg))
    }

    @Test("is not looked for in a module that others could have written, and that is no absence")
    func unseen() throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: database.path)
        let ending = try postured("check")
        #expect(ending.status == 2, "\(ending.output)")
        #expect(ending.output.contains("as far as can be seen"), "\(ending.output)")
        #expect(ending.output.contains("warning: corp: what is found may be put there by others"), "\(ending.output)")
    }
}

@Suite("A database with a password", .timeLimit(.minutes(5)))
struct PasswordCheckTests {
    @Test("is opened with the one of a systemd credential, and with no other")
    func password() throws {
        let machine = try TestMachine()
        let database = try NSSTestDatabase(password: "correct horse")
        try database.importWithKey(machine.fixture.leaf(), nickname: "laptop")
        try machine.write(
            """
            [[check]]
            id = "corp"
            database = "\(database.path)"
            database_password_credential = "nssdb"
            common_name = "\(CheckFixture.name)"
            trusted = ["\(machine.fixture.root.certificatePath)"]
            """
        )
        let credentials = try TemporaryDirectory("credentials")
        for (password, status) in [("correct horse\n", 0), ("battery staple\n", 2), ("", 2)] as [(String, Int32)] {
            try credentials.write(password.utf8, to: "nssdb")
            let environment = ["CREDENTIALS_DIRECTORY": credentials.path]
            let ending = try runProgram(
                TestMachine.postured,
                ["check", "--config", machine.config],
                environment: environment
            )
            #expect(ending.status == status, "\(ending.output)\(ending.errors)")
            #expect(!ending.output.contains("battery") && !ending.errors.contains("battery"))
        }
    }
}
