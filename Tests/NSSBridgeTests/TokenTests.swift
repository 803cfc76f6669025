import Foundation
import Glibc
import NSSBridge
import PostureModel
import TestSupport
import Testing

/// One after the other: SoftHSM's tokens are all in one directory, which each test changes.
@Suite(
    "A token beside the database",
    .serialized,
    .timeLimit(.minutes(5)),
    .enabled(if: geteuid() == 0, "only root can make what only root may write")
)
struct TokenTests {
    let pki: TestPKI
    let database: NSSTestDatabase
    let token: SoftToken

    init() throws {
        pki = try TestPKI()
        token = try SoftToken("Hard Token")
        database = try NSSTestDatabase(below: rootOnly)
        try database.addModule(SoftToken.library, name: "soft hsm")
    }

    func passwords(_ text: String) throws -> TokenPasswords {
        let bytes = Array(text.utf8)
        return try TokenPasswords(parsing: bytes.span)
    }

    /// The certificates, and what was not seen.
    func look(_ text: String?) async throws -> (certificates: [NSSCertificate], unseen: [String]) {
        try await NSS.withDatabase(at: database.path, passwords: text.map(passwords)) { database in
            let certificates = try database.certificates()
            return (certificates, database.unseen)
        }
    }

    @Test("has the certificates and keys that certutil shows, next to those of the database")
    func equalsCertutil() async throws {
        let own = try pki.leaf("own.acme.test", issuer: nil)
        try database.importWithKey(own, nickname: "own")
        let leaves = try [TestPKI.Key.p256, .p384, .rsa(2048)].map {
            try pki.leaf("laptop.acme.test", issuer: nil, key: $0)
        }
        for (number, leaf) in leaves.enumerated() {
            try database.importWithKey(leaf, nickname: "nick \(number)", token: token)
        }
        let keyless = try pki.leaf("keyless.acme.test", issuer: nil)
        try runTool(
            "certutil",
            [
                "-A", "-d", "sql:\(database.path)", "-h", token.name, "-f", token.passwordFile, "-n", "keyless",
                "-t", ",,", "-i", keyless.certificatePath,
            ]
        )
        let (certificates, unseen) = try await look(token.passwordLine)
        #expect(unseen.isEmpty)
        #expect(certificates.filter { $0.token == "NSS Certificate DB" }.map(\.der) == [own.der])
        #expect(Set(certificates.filter { $0.token == token.name }.map(\.der)) == Set((leaves + [keyless]).map(\.der)))
        try expectEqualsCertutil(certificates, in: database)
        try expectEqualsCertutil(certificates, in: database, token: token)
        // Without the token's name a nickname is one of the database, for certutil too.
        #expect(certificates.named("keyless") { _ in nil }.isEmpty)
        #expect(throws: ToolError.self) { try database.ders(nickname: "keyless", token: token) }
        #expect(certificates.named("Hard Token:keyless") { _ in nil }.map(\.der) == [keyless.der])
    }

    @Test("with a certificate that is too large shows the others")
    func unreadable() async throws {
        let own = try pki.leaf("own.acme.test", issuer: nil)
        try database.importWithKey(own, nickname: "own")
        let large = try pki.leaf(
            "large.acme.test",
            issuer: nil,
            extensions: ["nsComment": String(repeating: "x", count: 66_000)]
        )
        try database.importWithKey(large, nickname: "large", token: token)
        let small = try pki.leaf("small.acme.test", issuer: nil)
        try database.importWithKey(small, nickname: "small", token: token)
        let passwords = try TokenPasswords(parsing: Array(token.passwordLine.utf8).span)
        let (ders, passedOver) = try await NSS.withDatabase(at: database.path, passwords: passwords) { database in
            let ders = try database.certificates().map(\.der)
            return (ders, database.passedOver)
        }
        #expect(ders == [own.der, small.der])
        #expect(passedOver.count == 1)
        let sentence = "the certificate 'large' of the token 'Hard Token' has \(large.der.count) bytes, more than 65536"
        #expect(passedOver.first == sentence)
    }

    @Test(
        "signs with its own keys",
        arguments: [
            (.es256, .p256), (.es384, .p384), (.rs256, .rsa(2048)), (.ps256, .rsa(2048)), (.ps256, .rsa(3072)),
        ] as [(SignatureAlgorithm, TestPKI.Key)]
    )
    func signs(algorithm: SignatureAlgorithm, key: TestPKI.Key) async throws {
        let leaf = try pki.leaf("laptop.acme.test", issuer: nil, key: key)
        try database.importWithKey(leaf, nickname: "laptop", token: token)
        let signature = try await NSS.withDatabase(at: database.path, passwords: passwords(token.passwordLine)) {
            let certificate = try #require(try $0.certificates().first)
            #expect(certificate.supportsPSS)
            return try $0.sign([1, 2, 3], keyOf: certificate, algorithm: algorithm)
        }
        #expect(try verify(signature, [1, 2, 3], algorithm, leaf))
    }

    @Test("signs with the key of the certificate's token, where another token has one of the same CKA_ID")
    func rightToken() async throws {
        let leaf = try pki.leaf("laptop.acme.test", issuer: nil)
        try database.importWithKey(leaf, nickname: "laptop", token: token)
        try database.importWithKey(leaf, nickname: "laptop")
        // The database keeps the certificate and has no key for it: it must not borrow the token's.
        try database.sql("DELETE FROM nssPrivate WHERE a0 = x'00000003'", file: "key4.db")
        let certificates = try await look(token.passwordLine).certificates
        #expect(certificates.map(\.token) == ["NSS Certificate DB", token.name])
        #expect(certificates.map(\.privateKey) == [.absent, .present])
        let own = try #require(certificates.first)
        let error = try await #require(throws: NSSError.self) {
            try await NSS.withDatabase(at: database.path, passwords: passwords(token.passwordLine)) {
                try $0.sign([], keyOf: own, algorithm: .es256)
            }
        }
        #expect(error.code == .noPrivateKey)
    }

    @Test("without its PIN shows its certificates, and says that keys and others are not seen")
    func locked() async throws {
        let leaf = try pki.leaf("laptop.acme.test", issuer: nil)
        try database.importWithKey(leaf, nickname: "laptop", token: token)
        // A line that does not name the token is never its PIN.
        for text in [nil, token.pin, "hard token:\(token.pin)", "Hard:\(token.pin)", "x\(token.passwordLine)"] {
            let (certificates, unseen) = try await look(text)
            #expect(certificates.map(\.der) == [leaf.der])
            let reason =
                "the keys of the token 'Hard Token' are protected by a password: give it to postured in the systemd "
                + "credential that database_password_credential names, on a line 'Hard Token:PASSWORD'"
            #expect(certificates.map(\.privateKey) == [.unreadable(reason: reason)])
            #expect(unseen.count == 1)
            #expect(unseen.first?.contains(reason) ?? false)
        }
    }

    @Test("is given a wrong PIN once, and then none at all")
    func wrongPIN() async throws {
        let token = try SoftToken("Touchy Token")
        let leaf = try pki.leaf("laptop.acme.test", issuer: nil)
        try database.importWithKey(leaf, nickname: "laptop", token: token)
        func reason(_ pin: String) async throws -> String? {
            let certificates = try await look("\(token.name):\(pin)").certificates
            guard case .unreadable(let reason) = certificates.first?.privateKey else { return nil }
            #expect(!reason.contains(pin))
            return reason
        }
        #expect(try await reason("12345")?.contains("is wrong; it is not tried again") ?? false)
        #expect(try await reason("12345")?.contains("is wrong; it is not tried again") ?? false)
        // SoftHSM now says that its count is low, until somebody logs in.
        #expect(try await reason(token.pin)?.contains("has been given a wrong password before") ?? false)
        _ = try database.keys(token: token)
        #expect(try await reason(token.pin) == nil)
        #expect(try await reason("12345")?.contains("is wrong; it is not tried again") ?? false)
        #expect(try await reason(token.pin) == nil)
    }

    @Test("that cannot be loaded is said, and costs nothing else")
    func broken() async throws {
        let own = try pki.leaf("own.acme.test", issuer: nil)
        try database.importWithKey(own, nickname: "own")
        try database.addModule("\(database.path)/cert9.db", name: "no library")
        try database.addModule("/nowhere/module.so", name: "absent")
        try database.addModule("libsofthsm2.so", name: "relative")
        let (certificates, unseen) = try await look(token.passwordLine)
        #expect(certificates.map(\.der) == [own.der])
        #expect(unseen.count == 3)
        #expect(unseen[0].hasPrefix("the module \(database.path)/cert9.db that pkcs11.txt names was not loaded: "))
        #expect(unseen[0].contains("SECMOD_LoadUserModule"))
        #expect(unseen[1].contains("/nowhere: No such file or directory"))
        #expect(unseen[2].contains("not an absolute path"))
    }

    @Test("is there anew each time, and nothing stays loaded or open")
    func repeatedly() async throws {
        let leaf = try pki.leaf("laptop.acme.test", issuer: nil)
        try database.importWithKey(leaf, nickname: "laptop", token: token)
        for _ in 0..<20 {
            #expect(try await look(token.passwordLine).certificates.map(\.privateKey) == [.present])
        }
        let maps = String(decoding: try contents(of: "/proc/self/maps"), as: UTF8.self)
        #expect(!maps.contains("libsofthsm2"))
    }
}
