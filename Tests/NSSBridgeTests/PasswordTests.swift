import Foundation
import NSSBridge
import PostureModel
import TestSupport
import Testing

@Suite("The password of a database", .timeLimit(.minutes(5)))
struct PasswordTests {
    let database: NSSTestDatabase
    let leaf: TestCertificate

    init() throws {
        database = try NSSTestDatabase(password: "correct horse")
        leaf = try TestPKI().leaf("laptop-1.acme.test", issuer: nil)
        try database.importWithKey(leaf, nickname: "laptop")
    }

    func passwords(_ text: String) throws -> TokenPasswords {
        let bytes = Array(text.utf8)
        return try TokenPasswords(parsing: bytes.span)
    }

    func key(_ text: String) async throws -> PrivateKeyPresence? {
        try await NSS.withDatabase(at: database.path, passwords: passwords(text)) {
            try $0.certificates().first?.privateKey
        }
    }

    @Test("opens its keys", arguments: ["correct horse\n", "NSS Certificate DB:correct horse\nx\n"])
    func right(text: String) async throws {
        #expect(try await key(text) == .present)
        let signature = try await NSS.withDatabase(at: database.path, passwords: passwords(text)) {
            try $0.sign([1, 2, 3], keyOf: #require(try $0.certificates().first), algorithm: .es256)
        }
        #expect(try verify(signature, [1, 2, 3], .es256, leaf))
        // A later look without it is locked again.
        #expect(try await listed(database).first?.privateKey != .present)
    }

    @Test("opens its keys by the name that NSS has for it in FIPS mode, or that pkcs11.txt gives it")
    func names() async throws {
        #expect(try await key("NSS FIPS 140-2 Certificate DB:correct horse\n") == .present)
        let file = "\(database.path)/pkcs11.txt"
        let text = String(decoding: try contents(of: file), as: UTF8.self)
        let named = text.replacingOccurrences(of: " flags= ", with: " flags= dbTokenDescription='The \\'one\\'' ")
        try #require(named != text)
        try Data(named.utf8).write(to: URL(filePath: file))
        #expect(try await key("The 'one':correct horse\n") == .present)
    }

    @Test("that is wrong is said, and is not in what is said")
    func wrong() async throws {
        for _ in 0..<3 {
            guard case .unreadable(let reason) = try await key("battery staple") else {
                Issue.record("the wrong password opens it")
                return
            }
            #expect(
                reason == "the password of the database in the systemd credential that database_password_credential "
                    + "names is wrong"
            )
        }
        #expect(try await key("correct horse") == .present)
        let error = try await #require(throws: NSSError.self) {
            try await NSS.withDatabase(at: database.path, passwords: passwords("battery staple")) {
                try $0.sign([], keyOf: #require(try $0.certificates().first), algorithm: .es256)
            }
        }
        #expect(error.code == .keysLocked)
        #expect(error.description.hasSuffix("is wrong"))
    }

    @Test("that was wrong is tried again when key4.db has changed, and not before")
    func changed() async throws {
        #expect(try await key("battery staple") != .present)
        let file = "\(database.path)/key4.db"
        let time = try runTool("stat", ["-c", "%y", file]).text
        let directory = try TemporaryDirectory("passwords")
        try runTool(
            "certutil",
            [
                "-W", "-d", "sql:\(database.path)", "-f", directory.write("correct horse\n".utf8, to: "old"), "-@",
                directory.write("battery staple\n".utf8, to: "new"),
            ]
        )
        // Had it been tried, it would now open the keys.
        let now = try runTool("stat", ["-c", "%y", file]).text
        try runTool("touch", ["-d", time.trimmingCharacters(in: .newlines), file])
        #expect(try await key("battery staple") != .present)
        try runTool("touch", ["-d", now.trimmingCharacters(in: .newlines), file])
        #expect(try await key("battery staple") == .present)
        #expect(try await key("correct horse") != .present)
    }

    @Test("does not matter where it has none")
    func unneeded() async throws {
        let database = try NSSTestDatabase()
        try database.importWithKey(leaf, nickname: "laptop")
        let key = try await NSS.withDatabase(at: database.path, passwords: passwords("x")) {
            try $0.certificates().first?.privateKey
        }
        #expect(key == .present)
    }
}
