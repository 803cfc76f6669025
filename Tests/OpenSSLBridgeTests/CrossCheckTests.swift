import OpenSSLBridge
import PostureModel
import TestSupport
import Testing

@Suite("The openssl program")
struct CrossCheckTests {
    static let algorithms: [(SignatureAlgorithm, PrivateKey.Kind, options: [String])] = [
        (.es256, .p256, ["-sha256"]), (.es384, .p384, ["-sha384"]), (.rs256, .rsa(bits: 2048), ["-sha256"]),
        (
            .ps256, .rsa(bits: 2048),
            [
                "-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32", "-sigopt",
                "rsa_mgf1_md:sha256",
            ]
        ),
    ]
    let directory: TemporaryDirectory
    let message = Array("posture report".utf8)

    init() throws {
        directory = try TemporaryDirectory("cross-check")
    }

    @Test("accepts the signatures that are made here", arguments: algorithms)
    func accepts(algorithm: SignatureAlgorithm, kind: PrivateKey.Kind, options: [String]) throws {
        let key = try PrivateKey.generate(kind)
        let file = try directory.write(key.pem().utf8, to: "key")
        let signature = try key.sign(message, algorithm: algorithm)
        let form = algorithm == .es256 || algorithm == .es384 ? DER.ecdsa(signature) : signature
        let answer = try runTool(
            "openssl",
            ["dgst", "-prverify", file, "-signature", directory.write(form, to: "signature")] + options
                + [directory.write(message, to: "message")]
        )
        #expect(answer.text == "Verified OK\n")
    }

    @Test("makes signatures that are accepted here", arguments: algorithms)
    func accepted(algorithm: SignatureAlgorithm, kind: PrivateKey.Kind, options: [String]) throws {
        let key = try PrivateKey.generate(kind)
        let file = try directory.write(key.pem().utf8, to: "key")
        let signature = try runTool(
            "openssl",
            ["dgst", "-sign", file] + options + [directory.write(message, to: "message")]
        ).bytes
        let jws: [UInt8] =
            switch algorithm {
            case .es256: try numbers(signature, length: 32)
            case .es384: try numbers(signature, length: 48)
            case .ps256, .rs256: signature
            }
        #expect(key.publicKey.verifies(jws, over: message, algorithm: algorithm))
        #expect(!key.publicKey.verifies(jws, over: message + [0], algorithm: algorithm))
    }

    @Test("makes signatures of PSS with another salt or hash, and they are refused here")
    func otherPSS() throws {
        let key = try PrivateKey.generate(.rsa(bits: 2048))
        let file = try directory.write(key.pem().utf8, to: "key")
        let text = try directory.write(message, to: "message")
        for (hash, salt) in [("sha256", "20"), ("sha256", "0"), ("sha384", "48"), ("sha1", "20")] {
            let options = ["-\(hash)", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:\(salt)"]
            let signature = try runTool("openssl", ["dgst", "-sign", file] + options + [text]).bytes
            #expect(!key.publicKey.verifies(signature, over: message, algorithm: .ps256), "\(hash), salt of \(salt)")
        }
    }
}

/// The two numbers of a DER `SEQUENCE`, each in so many bytes.
private func numbers(_ der: [UInt8], length: Int) throws -> [UInt8] {
    var rest = der[2...]
    var numbers: [UInt8] = []
    for _ in 0..<2 {
        let count = Int(try #require(rest.dropFirst().first))
        let digits = rest.dropFirst(2).prefix(count).drop { $0 == 0 }
        numbers += [UInt8](repeating: 0, count: length - digits.count) + digits
        rest = rest.dropFirst(2 + count)
    }
    return numbers
}
