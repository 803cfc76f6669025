import Foundation
import NSSBridge
import PostureModel
import TestSupport
import Testing

@Suite("A signature by a certificate's key")
struct SigningTests {
    let pki: TestPKI
    let database: NSSTestDatabase

    init() throws {
        pki = try TestPKI()
        database = try NSSTestDatabase()
    }

    static let keys: [(SignatureAlgorithm, TestPKI.Key, length: Int)] = [
        (.es256, .p256, 64), (.es384, .p384, 96), (.ps256, .rsa(2048), 256), (.rs256, .rsa(2048), 256),
        (.ps256, .rsa(3072), 384),
    ]

    /// Imports a certificate with this key and signs with it.
    func sign(_ message: [UInt8], _ algorithm: SignatureAlgorithm, _ leaf: TestCertificate) async throws -> [UInt8] {
        try await NSS.withDatabase(at: database.path) { database in
            let certificate = try #require(try database.certificates().first { $0.der == leaf.der })
            return try database.sign(message, keyOf: certificate, algorithm: algorithm)
        }
    }

    @Test("is one that OpenSSL accepts, and accepts for no other message", arguments: keys)
    func verifies(algorithm: SignatureAlgorithm, key: TestPKI.Key, length: Int) async throws {
        let leaf = try pki.leaf("laptop-1.acme.test", issuer: nil, key: key)
        try database.importWithKey(leaf, nickname: "laptop")
        let message = Array("posture report".utf8)
        let signature = try await sign(message, algorithm, leaf)
        #expect(signature.count == length)
        #expect(try verify(signature, message, algorithm, leaf))
        #expect(try !verify(signature, message + [0], algorithm, leaf))
    }

    @Test("covers an empty message too")
    func emptyMessage() async throws {
        let leaf = try pki.leaf("laptop-1.acme.test", issuer: nil)
        try database.importWithKey(leaf, nickname: "laptop")
        #expect(try verify(try await sign([], .es256, leaf), [], .es256, leaf))
    }

    @Test("is by the key of the very certificate, among others of the same subject")
    func rightKey() async throws {
        let leaves = try (0..<3).map { _ in try pki.leaf("laptop-1.acme.test", issuer: nil) }
        for leaf in leaves { try database.importWithKey(leaf, nickname: "laptop") }
        for leaf in leaves {
            #expect(try verify(try await sign([1, 2, 3], .es256, leaf), [1, 2, 3], .es256, leaf))
        }
    }

    @Test("is refused without a key")
    func noKey() async throws {
        let leaf = try pki.leaf("laptop-1.acme.test", issuer: nil)
        try database.add(leaf, nickname: "laptop")
        let error = try await #require(throws: NSSError.self) { try await sign([], .es256, leaf) }
        #expect(error.code == .noPrivateKey)
        #expect("\(error)" == "the database holds no private key for the certificate")
    }

    @Test("is refused where the keys are behind a password")
    func locked() async throws {
        let database = try NSSTestDatabase(password: "correct horse")
        let leaf = try pki.leaf("laptop-1.acme.test", issuer: nil)
        try database.importWithKey(leaf, nickname: "laptop")
        let error = try await #require(throws: NSSError.self) {
            try await NSS.withDatabase(at: database.path) { database in
                try database.sign([], keyOf: #require(try database.certificates().first), algorithm: .es256)
            }
        }
        #expect(error.code == .keysLocked)
    }

    @Test(
        "is refused where the key does not suit the algorithm",
        arguments: [
            (.p256, .es384), (.p384, .es256), (.p256, .ps256), (.p384, .rs256), (.rsa(2048), .es256),
            (.rsa(1024), .ps256), (.rsa(1024), .rs256),
        ] as [(TestPKI.Key, SignatureAlgorithm)]
    )
    func unsuitable(key: TestPKI.Key, algorithm: SignatureAlgorithm) async throws {
        let leaf = try pki.leaf("laptop-1.acme.test", issuer: nil, key: key)
        try database.importWithKey(leaf, nickname: "laptop")
        let error = try await #require(throws: NSSError.self) { try await sign([], algorithm, leaf) }
        #expect(error.code == .unsuitableKey)
        #expect("\(error)".contains(algorithm.rawValue))
    }
}

/// Asks `openssl dgst` about a signature as JWS has it.
func verify(
    _ signature: [UInt8],
    _ message: [UInt8],
    _ algorithm: SignatureAlgorithm,
    _ certificate: TestCertificate
) throws -> Bool {
    let directory = try TemporaryDirectory("signature")
    let key = try directory.write(
        runTool("openssl", ["x509", "-in", certificate.certificatePath, "-noout", "-pubkey"]).bytes,
        to: "key"
    )
    let isECDSA = algorithm == .es256 || algorithm == .es384
    let file = try directory.write(isECDSA ? der(signature) : signature, to: "signature")
    let pss = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32", "-sigopt", "rsa_mgf1_md:sha256"]
    do {
        try runTool(
            "openssl",
            ["dgst", algorithm == .es384 ? "-sha384" : "-sha256", "-verify", key, "-signature", file]
                + (algorithm == .ps256 ? pss : []) + [directory.write(message, to: "message")]
        )
        return true
    } catch let error as ToolError where error.description.contains("Verification failure") {
        return false
    }
}

/// The DER `SEQUENCE` of the two numbers that an ECDSA signature of JWS has side by side.
private func der(_ signature: [UInt8]) -> [UInt8] {
    func integer(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var digits = Array(bytes.drop { $0 == 0 })
        if digits.first.map({ $0 >= 0x80 }) ?? true { digits.insert(0, at: 0) }
        return [0x02, UInt8(digits.count)] + digits
    }
    let middle = signature.count / 2
    let content = integer(signature[..<middle]) + integer(signature[middle...])
    return [0x30, UInt8(content.count)] + content
}
