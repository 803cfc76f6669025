import Foundation
import NSSBridge
import TestSupport
import Testing

@Suite("Under a nickname are the certificates that certutil finds")
struct NicknameTests {
    let pki: TestPKI
    let root: TestCertificate

    init() throws {
        pki = try TestPKI()
        root = try pki.ca("Corp Root")
    }

    /// A database with everything that is special about names.
    func fill(_ database: NSSTestDatabase) throws {
        try database.add(root, nickname: "Corp Root", trust: "CT,C,C")
        let old = try pki.leaf("laptop-1.acme.test", issuer: root, validity: .expired)
        try database.importWithKey(old, nickname: "laptop")
        // Renewals: the same key and another one; and one without its key. They take the first one's nickname.
        try database.importWithKey(try pki.leaf("laptop-1.acme.test", issuer: root, key: .of(old)), nickname: "laptop")
        try database.importWithKey(try pki.leaf("laptop-1.acme.test", issuer: root, key: .p384), nickname: "renewed")
        try database.add(try pki.leaf("laptop-1.acme.test", issuer: root), nickname: "keyless renewal")
        try database.add(try pki.leaf("keyless.acme.test", issuer: root), nickname: "ä: with colon")
        // A nickname that is another's common name.
        try database.importWithKey(try pki.leaf("spoof.acme.test", issuer: root), nickname: "laptop-1.acme.test")
        try database.add(
            try pki.leaf("mail.acme.test", issuer: root, names: ["email:Alice@acme.test", "email:bob@acme.test"]),
            nickname: "mail"
        )
        try database.add(try pki.leaf("other.acme.test", issuer: root), nickname: "\u{FC}ber")
    }

    @Test("of a database", arguments: [nil, "correct horse"])
    func nicknames(password: String?) async throws {
        let database = try NSSTestDatabase(password: password)
        try fill(database)
        let passwords = try password.map { password in
            let bytes = Array(password.utf8)
            return try TokenPasswords(parsing: bytes.span)
        }
        let certificates = try await NSS.withDatabase(at: database.path, passwords: passwords) {
            try $0.certificates()
        }
        #expect(certificates.count == 9)
        try expectEqualsCertutil(certificates, in: database)
    }

    static let names = [
        "NSS Certificate DB:laptop", "nss certificate db:laptop", "Laptop", "lap", "", "CN=laptop-1.acme.test",
        "keyless.acme.test", "alice@acme.test", "ALICE@acme.test", "carol@acme.test", ":laptop", "Other:laptop",
        "spoof.acme.test", "laptop-1.acme.test", "ä: with colon", "NSS Certificate DB:ä: with colon",
        "NSS Certificate DB:a\u{308}: with colon", "keyless renewal", "renewed", "\u{FC}ber", "u\u{308}ber",
    ]

    @Test("or an e-mail address, and nothing under anything else")
    func lookUp() async throws {
        let database = try NSSTestDatabase()
        try fill(database)
        let certificates = try await listed(database)
        let names = try ParsedNames(certificates)
        for name in NicknameTests.names {
            let found = certificates.named(name, details: names.callAsFunction)
            let theirs = (try? database.ders(nickname: name)) ?? []
            #expect(Set(found.map(\.der)) == Set(theirs), "\(name)")
            #expect(found.count == theirs.count, "\(name)")
        }
        // certutil knows only the first address of a certificate.
        #expect(certificates.named("bob@acme.test", details: names.callAsFunction).map(\.nickname) == ["mail"])
        #expect(throws: ToolError.self) { try database.ders(nickname: "bob@acme.test") }
    }

    @Test("of a database with a certificate without one")
    func none() async throws {
        let database = try NSSTestDatabase()
        try fill(database)
        try database.sql("UPDATE nssPublic SET a3 = x'A5005A' WHERE a0 = x'00000001' AND a3 = CAST('mail' AS BLOB)")
        let certificates = try await listed(database)
        #expect(certificates.filter { $0.nickname == nil }.count == 1)
        #expect(certificates.count == 9)
        let names = try ParsedNames(certificates)
        for name in ["laptop", "mail", "(NULL)", "Corp Root"] {
            let theirs = (try? database.ders(nickname: name)) ?? []
            #expect(Set(certificates.named(name, details: names.callAsFunction).map(\.der)) == Set(theirs), "\(name)")
        }
    }

    @Test("that cannot be parsed is found by its nickname alone")
    func unparsed() async throws {
        let database = try NSSTestDatabase()
        try fill(database)
        let certificates = try await listed(database)
        let labelled = certificates.filter { $0.nickname == "laptop" }.map(\.der)
        #expect(certificates.named("laptop") { _ in nil }.map(\.der) == labelled)
        #expect(certificates.named("alice@acme.test") { _ in nil }.isEmpty)
    }
}
