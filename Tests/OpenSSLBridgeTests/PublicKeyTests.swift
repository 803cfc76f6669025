import OpenSSLBridge
import PostureModel
import TestSupport
import Testing

@Suite("A public key")
struct PublicKeyTests {
    @Test(
        "is the same after a way through JWK",
        arguments: [PrivateKey.Kind.p256, .p384, .rsa(bits: 2048), .rsa(bits: 3072)]
    )
    func roundTrip(kind: PrivateKey.Kind) throws {
        let key = try PrivateKey.generate(kind)
        let jwk = try Wire.decode(JWK.self, from: Wire.encode(key.publicKey.jwk))
        let again = try PublicKey(jwk)
        #expect(again.jwk == key.publicKey.jwk)
        #expect(again.thumbprint == key.publicKey.thumbprint)
        let signature = try key.sign([1, 2, 3])
        #expect(again.verifies(signature, over: [1, 2, 3], algorithm: jwk.algorithm))
    }

    @Test("has coordinates of the curve's length, leading zeros and all")
    func leadingZeros() throws {
        var found = false
        for _ in 0..<2000 where !found {
            guard case .ec(_, let x, let y) = try PrivateKey.generate(.p256).publicKey.jwk else { continue }
            #expect(x.count == 32 && y.count == 32)
            found = x[0] == 0 || y[0] == 0
        }
        #expect(found)
    }

    @Test("has the thumbprint of RFC 7638, section 3.1")
    func thumbprint() throws {
        #expect(Base64URL.encode(try PublicKey(RFC.thumbprintKey).thumbprint) == RFC.thumbprint)
    }

    @Test("is refused off its curve, in every coordinate", arguments: [JWK.Curve.p256, .p384])
    func offCurve(curve: JWK.Curve) throws {
        let length = curve.coordinateLength
        let kind: PrivateKey.Kind = curve == .p256 ? .p256 : .p384
        guard case .ec(_, let x, let y) = try PrivateKey.generate(kind).publicKey.jwk else {
            Issue.record("no EC key")
            return
        }
        let zero = [UInt8](repeating: 0, count: length)
        let high = [UInt8](repeating: 0xff, count: length)
        let last = Array(y.dropLast()) + [(y.last ?? 0) ^ 1]
        let points: [([UInt8], [UInt8])] = [
            (x, last), (zero, zero), (high, high), (x, zero), (zero, y), ([], []), (x, []),
            (x, Array(y.dropLast())), (x, y + [0]), ([0] + x, y),
        ]
        for (x, y) in points {
            #expect(throws: OpenSSLError.self) { try PublicKey(.ec(curve: curve, x: x, y: y)) }
        }
    }

    @Test(
        "of RSA is refused with an exponent that is even, below 3, or longer than 32 bits, however it comes",
        arguments: [
            [], [0], [1], [2], [4], [0, 1], [0, 0, 2], [1, 0, 0], [1, 0, 0, 0, 1], [0xff, 0xff, 0xff, 0xff, 0xff],
            [UInt8](repeating: 0xff, count: 256),
        ] as [[UInt8]]
    )
    func exponent(exponent: [UInt8]) throws {
        let modulus = [UInt8](repeating: 0xff, count: 256)
        #expect(throws: OpenSSLError.self) { try PublicKey(.rsa(modulus: modulus, exponent: exponent)) }
    }

    @Test(
        "of RSA is taken with any other exponent",
        arguments: [[3], [17], [1, 0, 1], [0, 3], [0xff, 0xff, 0xff, 0xff]] as [[UInt8]]
    )
    func goodExponent(exponent: [UInt8]) throws {
        let modulus = [UInt8](repeating: 0xff, count: 256)
        let key = try PublicKey(.rsa(modulus: modulus, exponent: exponent))
        #expect(key.jwk == .rsa(modulus: modulus, exponent: Array(exponent.drop { $0 == 0 })))
    }

    @Test("of RSA is refused with an even modulus")
    func evenModulus() {
        let modulus = [UInt8](repeating: 0xff, count: 255) + [0xfe]
        #expect(throws: OpenSSLError.self) { try PublicKey(.rsa(modulus: modulus, exponent: [1, 0, 1])) }
    }

    @Test("of a private key is held to the same")
    func privateKey() throws {
        let options = ["rsa_keygen_bits:2048", "rsa_keygen_pubexp:4294967311"].flatMap { ["-pkeyopt", $0] }
        let pem = try runTool("openssl", ["genpkey", "-quiet", "-algorithm", "RSA"] + options).text
        #expect(throws: PEMError.self) { try PrivateKey(pem: pem) }
    }

    @Test("of one curve is none of another")
    func otherCurve() throws {
        guard case .ec(_, let x, let y) = try PrivateKey.generate(.p384).publicKey.jwk else { return }
        #expect(throws: OpenSSLError.self) { try PublicKey(.ec(curve: .p256, x: x, y: y)) }
        #expect(throws: OpenSSLError.self) {
            try PublicKey(.ec(curve: .p256, x: Array(x.prefix(32)), y: Array(y.prefix(32))))
        }
    }

    @Test("of RSA has 2048 to 8192 bits", arguments: [0, 1, 128, 255, 1025, 4096])
    func modulus(bytes: Int) {
        let modulus = [UInt8](repeating: 0xff, count: bytes)
        let error = #expect(throws: OpenSSLError.self) {
            try PublicKey(.rsa(modulus: modulus, exponent: [1, 0, 1]))
        }
        if bytes > 1 { #expect(error?.description.contains("modulus") == true, "\(String(describing: error))") }
    }

    @Test("of RSA is counted in bits, not in bytes, and has a short exponent")
    func leadingZeroBytes() throws {
        let padded = [UInt8](repeating: 0, count: 200) + [UInt8](repeating: 0xff, count: 128)
        #expect(throws: OpenSSLError.self) { try PublicKey(.rsa(modulus: padded, exponent: [1, 0, 1])) }
        let modulus = [UInt8](repeating: 0xff, count: 256)
        let long = [UInt8](repeating: 0xff, count: 9)
        #expect(throws: OpenSSLError.self) { try PublicKey(.rsa(modulus: modulus, exponent: long)) }
        #expect(try PublicKey(.rsa(modulus: modulus, exponent: [3])).jwk == .rsa(modulus: modulus, exponent: [3]))
    }
}
