import OpenSSLBridge
import PostureModel
import TestSupport
import Testing

@Suite("A signature by a private key")
struct SignatureTests {
    static let kinds: [(PrivateKey.Kind, SignatureAlgorithm, length: Int)] = [
        (.p256, .es256, 64), (.p384, .es384, 96), (.rsa(bits: 2048), .ps256, 256), (.rsa(bits: 2048), .rs256, 256),
        (.rsa(bits: 3072), .ps256, 384),
    ]
    let message = Array("posture report".utf8)

    @Test("has the length of JWS and verifies, over no other message and by no other key", arguments: kinds)
    func verifies(kind: PrivateKey.Kind, algorithm: SignatureAlgorithm, length: Int) throws {
        let key = try PrivateKey.generate(kind)
        let signature = try key.sign(message, algorithm: algorithm)
        #expect(signature.count == length)
        #expect(key.publicKey.verifies(signature, over: message, algorithm: algorithm))
        #expect(!key.publicKey.verifies(signature, over: message + [0], algorithm: algorithm))
        #expect(!key.publicKey.verifies(signature, over: [], algorithm: algorithm))
        let other = try PrivateKey.generate(kind)
        #expect(!other.publicKey.verifies(signature, over: message, algorithm: algorithm))
    }

    @Test("verifies with no bit of it flipped", arguments: kinds.prefix(4))
    func flipped(kind: PrivateKey.Kind, algorithm: SignatureAlgorithm, length: Int) throws {
        let key = try PrivateKey.generate(kind)
        let signature = try key.sign(message, algorithm: algorithm)
        for index in signature.indices {
            var changed = signature
            changed[index] ^= 1 << (index % 8)
            #expect(!key.publicKey.verifies(changed, over: message, algorithm: algorithm), "byte \(index)")
        }
    }

    @Test("verifies at no other length", arguments: kinds.prefix(4))
    func lengths(kind: PrivateKey.Kind, algorithm: SignatureAlgorithm, length: Int) throws {
        let key = try PrivateKey.generate(kind)
        let signature = try key.sign(message, algorithm: algorithm)
        let others: [[UInt8]] = [
            [], [0], signature.dropLast(), Array(signature.dropFirst()), signature + [0], [0] + signature,
            signature + signature, [UInt8](repeating: 0, count: length), [UInt8](repeating: 0xff, count: length),
        ]
        for other in others {
            #expect(!key.publicKey.verifies(other, over: message, algorithm: algorithm), "\(other.count) bytes")
        }
    }

    @Test("of RSA does not verify without the zero that it begins with", arguments: [SignatureAlgorithm.ps256, .rs256])
    func leadingZero(algorithm: SignatureAlgorithm) throws {
        let key = try PrivateKey.generate(.rsa(bits: 2048))
        // One signature of 256 begins with a zero; each message has another one.
        for number in 0..<20_000 {
            let message = Array("\(number)".utf8)
            let signature = try key.sign(message, algorithm: algorithm)
            guard signature.first == 0 else { continue }
            #expect(key.publicKey.verifies(signature, over: message, algorithm: algorithm))
            #expect(!key.publicKey.verifies(Array(signature.dropFirst()), over: message, algorithm: algorithm))
            #expect(!key.publicKey.verifies([0] + signature, over: message, algorithm: algorithm))
            return
        }
        Issue.record("no signature begins with a zero")
    }

    @Test("verifies under no other algorithm", arguments: kinds.prefix(4))
    func algorithms(kind: PrivateKey.Kind, algorithm: SignatureAlgorithm, length: Int) throws {
        let key = try PrivateKey.generate(kind)
        let signature = try key.sign(message, algorithm: algorithm)
        for other in SignatureAlgorithm.allCases where other != algorithm {
            #expect(!key.publicKey.verifies(signature, over: message, algorithm: other), "\(other)")
        }
    }

    @Test("is of the algorithm that goes with the key, and is refused for one that does not")
    func suits() throws {
        let (p256, p384) = (try PrivateKey.generate(.p256), try PrivateKey.generate(.p384))
        let rsa = try PrivateKey.generate(.rsa(bits: 2048))
        #expect(p256.publicKey.verifies(try p256.sign(message), over: message, algorithm: .es256))
        #expect(p384.publicKey.verifies(try p384.sign(message), over: message, algorithm: .es384))
        #expect(rsa.publicKey.verifies(try rsa.sign(message), over: message, algorithm: .ps256))
        let wrong: [(PrivateKey, SignatureAlgorithm)] = [
            (p256, .es384), (p384, .es256), (p256, .rs256), (p384, .ps256), (rsa, .es256), (rsa, .es384),
        ]
        for (key, algorithm) in wrong {
            let error = #expect(throws: OpenSSLError.self) { try key.sign(message, algorithm: algorithm) }
            #expect(error?.description == "signing: \(algorithm.rawValue) does not go with the key")
        }
    }

    @Test("in the form of X9.62 is not one of JWS")
    func der() throws {
        let key = try PrivateKey.generate(.p256)
        let signature = try key.sign(message)
        let numbers = [signature.prefix(32), signature.suffix(32)].flatMap { tlv(0x02, [0] + $0) }
        #expect(!key.publicKey.verifies(tlv(0x30, numbers), over: message, algorithm: .es256))
    }

    @Test("is that of RFC 7515, appendices A.2 and A.3")
    func vectors() throws {
        let examples: [(JWK, String, [UInt8], SignatureAlgorithm)] = [
            (RFC.rs256Key, RFC.rs256Header, RFC.rs256Signature, .rs256),
            (RFC.es256Key, RFC.es256Header, RFC.es256Signature, .es256),
        ]
        for (jwk, header, signature, algorithm) in examples {
            let key = try PublicKey(jwk)
            let input = JWS.signingInput(encodedHeader: header, encodedPayload: RFC.payload)
            #expect(key.verifies(signature, over: input, algorithm: algorithm))
            #expect(!key.verifies(signature, over: input + [0x41], algorithm: algorithm))
        }
    }
}
