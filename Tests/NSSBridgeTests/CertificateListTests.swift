import Foundation
import NSSBridge
import PostureModel
import TestSupport
import Testing

@Suite("Certificates of a database")
struct CertificateListTests {
    let pki: TestPKI
    let root: TestCertificate

    init() throws {
        pki = try TestPKI()
        root = try pki.ca("Corp Root")
    }

    @Test("are byte for byte those that certutil lists, with a key exactly where certutil says so")
    func equalsCertutil() async throws {
        let database = try NSSTestDatabase()
        try database.add(root, nickname: "Corp Root", trust: "CT,C,C")
        for number in 1...3 {
            let leaf = try pki.leaf("laptop-\(number).acme.test", issuer: root)
            try database.importWithKey(leaf, nickname: "Nick \(number)")
        }
        try database.add(try pki.leaf("keyless.acme.test", issuer: root), nickname: "keyless ä")

        let certificates = try await listed(database)
        let listing = try database.listing()
        #expect(certificates.count == listing.count)
        for (nickname, trust) in listing {
            let certificate = try #require(certificates.first { $0.nickname == nickname })
            #expect(try certificate.der == database.der(nickname: nickname))
            #expect(certificate.trust.description == trust)
            #expect(certificate.privateKey == (trust.contains("u") ? .present : .absent))
        }
        #expect(certificates.filter { $0.privateKey == .present }.count == 3)
        let keyLines = try database.keys().split(separator: "\n").filter { $0.hasPrefix("<") }
        #expect(keyLines.count == 3)
    }

    @Test("may have no nickname")
    func noNickname() async throws {
        let database = try NSSTestDatabase()
        try database.add(root, nickname: "x")
        try database.sql("UPDATE nssPublic SET a3 = x'A5005A' WHERE a0 = x'00000001'")
        let certificate = try #require(try await listed(database).first)
        #expect(certificate.nickname == nil)
        #expect(certificate.der == root.der)
    }

    @Test("share subject and nickname when they are renewals, and are all there")
    func renewals() async throws {
        let database = try NSSTestDatabase()
        let old = try pki.leaf("laptop-1.acme.test", issuer: root, validity: .expired)
        let new = try pki.leaf("laptop-1.acme.test", issuer: root, key: .of(old))
        let next = try pki.leaf("laptop-1.acme.test", issuer: root, key: .p384)
        for certificate in [old, new, next] {
            try database.importWithKey(certificate, nickname: "laptop")
        }
        let certificates = try await listed(database)
        #expect(Set(certificates.map(\.der)) == [old.der, new.der, next.der])
        #expect(certificates.map(\.nickname) == ["laptop", "laptop", "laptop"])
        #expect(certificates.map(\.privateKey) == [.present, .present, .present])
        #expect(try certificates.map(\.der.count).reduce(0, +) == database.der(nickname: "laptop").count)
    }

    @Test("of a database with a password are readable, and whether they have keys is not known")
    func password() async throws {
        let database = try NSSTestDatabase(password: "correct horse")
        let leaf = try pki.leaf("laptop-1.acme.test", issuer: root)
        try database.importWithKey(leaf, nickname: "laptop")
        let certificate = try #require(try await listed(database).first)
        #expect(certificate.der == leaf.der)
        let reason =
            "the keys of the database are protected by a password: give it to postured in the systemd credential that "
            + "database_password_credential names"
        #expect(certificate.privateKey == .unreadable(reason: reason))
        #expect(certificate.trust == .none)
    }

    @Test("without a CKA_ID have no key, even beside a key without one")
    func emptyID() async throws {
        let database = try NSSTestDatabase()
        try database.importWithKey(try pki.leaf("laptop-1.acme.test", issuer: root), nickname: "laptop")
        try database.sql("UPDATE nssPublic SET a102 = x'A5005A' WHERE a0 = x'00000001'")
        try database.sql("UPDATE nssPrivate SET a102 = x'A5005A' WHERE a0 = x'00000003'", file: "key4.db")
        let certificate = try #require(try await listed(database).first)
        #expect(certificate.id.isEmpty)
        #expect(certificate.privateKey == .absent)
    }

    @Test("of an empty database are none")
    func empty() async throws {
        #expect(try await listed(NSSTestDatabase()).isEmpty)
    }

    @Test("behind a damaged page are an error, never absent", arguments: [2, 3])
    func damaged(page: Int) async throws {
        let database = try NSSTestDatabase()
        try database.add(root, nickname: "x")
        let path = "\(database.path)/cert9.db"
        var bytes = try contents(of: path)
        for offset in (page - 1) * 4096..<page * 4096 { bytes[offset] ^= 0xFF }
        try Data(bytes).write(to: URL(filePath: path))
        let error = try await #require(throws: NSSDatabaseError.self) { try await listed(database) }
        #expect("\(error)".contains("/cert9.db: damaged (SQLite: "))
    }

    @Test(
        "too large, or that NSS does not read, are passed over by name, and hide no other",
        arguments: [
            ("a11 = zeroblob(65537)", "'x' has 65537 bytes, more than 65536"),
            ("a11 = zeroblob(2000000)", "'x' cannot be read, or is too large (SEC_ERROR_PKCS11_GENERAL_ERROR)"),
            ("a11 = NULL", "'x' cannot be read, or is too large (SEC_ERROR_BAD_DATA)"),
            ("a11 = zeroblob(65537), a3 = x'A5005A'", "in row 7 has 65537 bytes, more than 65536"),
            ("a3 = zeroblob(70000)", "'\(String(repeating: "?", count: 64))' has 70000 bytes, more than 65536"),
            ("a3 = zeroblob(3000000)", "in row 7 cannot be read, or is too large (SEC_ERROR_PKCS11_GENERAL_ERROR)"),
        ]
    )
    func passedOver(change: String, sentence: String) async throws {
        let database = try NSSTestDatabase()
        try database.add(root, nickname: "x")
        try database.sql("UPDATE nssPublic SET \(change), id = 7 WHERE a0 = x'00000001'")
        let leaf = try pki.leaf("laptop-1.acme.test", issuer: root)
        try database.importWithKey(leaf, nickname: "laptop")
        let (certificates, passedOver) = try await NSS.withDatabase(at: database.path) { database in
            let certificates = try database.certificates()
            return (certificates, database.passedOver)
        }
        #expect(certificates.map(\.der) == [leaf.der])
        #expect(certificates.map(\.privateKey) == [.present])
        #expect(passedOver == ["the certificate \(sentence)"])
    }

    @Test("have no key that is known to be absent where a row of key4.db cannot be read")
    func unreadableKey() async throws {
        let database = try NSSTestDatabase()
        let laptop = try pki.leaf("laptop-1.acme.test", issuer: root)
        try database.importWithKey(laptop, nickname: "laptop")
        try database.sql("UPDATE nssPrivate SET a102 = zeroblob(2000000), id = 7", file: "key4.db")
        let other = try pki.leaf("laptop-2.acme.test", issuer: root)
        try database.importWithKey(other, nickname: "other")
        let certificates = try await listed(database)
        let reason =
            "a private key in row 7 of key4.db cannot be read, or is too large (SEC_ERROR_PKCS11_GENERAL_ERROR)"
        #expect(certificates.first { $0.der == laptop.der }?.privateKey == .unreadable(reason: reason))
        #expect(certificates.first { $0.der == other.der }?.privateKey == .present)
    }

    @Test("are there without a trust record that cannot be read")
    func unreadableTrust() async throws {
        let database = try NSSTestDatabase()
        try database.add(root, nickname: "x", trust: "C,,")
        try database.sql("UPDATE nssPublic SET ace536358 = zeroblob(2000000) WHERE a0 = x'CE534353'")
        let certificate = try #require(try await listed(database).first)
        #expect(certificate.der == root.der)
        #expect(certificate.trust == .none)
    }

    @Test("know their rows")
    func rows() async throws {
        let database = try NSSTestDatabase()
        try database.add(root, nickname: "x")
        try database.sql("UPDATE nssPublic SET id = 7 WHERE a0 = x'00000001'")
        #expect(try await listed(database).map(\.row) == [7])
    }
}

/// All certificates of a test's database.
func listed(_ database: NSSTestDatabase) async throws -> [NSSCertificate] {
    try await NSS.withDatabase(at: database.path) { try $0.certificates() }
}
