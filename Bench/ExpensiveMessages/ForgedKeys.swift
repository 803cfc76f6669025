import OpenSSLBridge
import TestSupport

/// Keys that no honest certificate has.
enum ForgedKeys {
    /// Keys by name, as certificates have them.
    static func all() throws -> [(name: String, info: [UInt8])] {
        let long = [UInt8](repeating: 0xff, count: 384)
        let widest = [UInt8](repeating: 0xff, count: 1024)
        return [
            ("RSA-3072 with an exponent of 3072 bits", DER.rsaKeyInfo(modulus: long, exponent: long)),
            ("RSA-8192 with an exponent of 32 bits", DER.rsaKeyInfo(modulus: widest, exponent: [255, 255, 255, 255])),
            ("RSA-8192 with an exponent of 8192 bits", DER.rsaKeyInfo(modulus: widest, exponent: widest)),
            ("P-384", try made("EC", "ec_paramgen_curve:P-384")),
            ("P-521", try made("EC", "ec_paramgen_curve:P-521")),
            ("brainpoolP512r1", try made("EC", "ec_paramgen_curve:brainpoolP512r1")),
            ("sect571r1", try made("EC", "ec_paramgen_curve:sect571r1")),
            (
                "brainpoolP512r1, spelt out",
                try made("EC", "ec_paramgen_curve:brainpoolP512r1", "ec_param_enc:explicit")
            ),
            ("P-256, spelt out", try made("EC", "ec_paramgen_curve:P-256", "ec_param_enc:explicit")),
            ("Ed448", try made("ED448")),
        ]
    }

    private static func made(_ algorithm: String, _ options: String...) throws -> [UInt8] {
        let directory = try TemporaryDirectory("expensive-key")
        let options = options.flatMap { ["-pkeyopt", $0] }
        let pem = try runTool("openssl", ["genpkey", "-quiet", "-algorithm", algorithm] + options).bytes
        let path = try directory.write(pem, to: "key.pem")
        return try runTool("openssl", ["pkey", "-in", path, "-pubout", "-outform", "DER"]).bytes
    }
}

/// An RSA key whose public exponent is as long as its modulus: that of an ordinary key with the exponents exchanged.
struct LongExponentKey: Sendable {
    /// The key as certificates have it.
    let info: [UInt8]
    private let pem: [UInt8]

    init(bits: Int) throws {
        pem = try runTool("openssl", ["genrsa", "-traditional", "\(bits)"]).bytes
        let directory = try TemporaryDirectory("expensive-key")
        let path = try directory.write(pem, to: "key.pem")
        let der = try runTool("openssl", ["rsa", "-in", path, "-traditional", "-outform", "DER"]).bytes
        let numbers = Self.numbers(in: der)
        // RFC 8017 §A.1.2: version, modulus, public exponent, private exponent.
        info = DER.rsaKeyInfo(modulus: numbers[1], exponent: numbers[3])
    }

    /// A PKCS #1 signature over SHA-256.
    func sign(_ message: [UInt8]) throws -> [UInt8] {
        let prefix: [UInt8] = [
            0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
            0x20,
        ]
        let end = prefix + Digest.sha256(message)
        let block = [0, 1] + [UInt8](repeating: 0xff, count: 384 - 3 - end.count) + [0] + end
        let directory = try TemporaryDirectory("expensive-key")
        let (key, input) = (try directory.write(pem, to: "key.pem"), try directory.write(block, to: "block"))
        let options = ["-encrypt", "-pkeyopt", "rsa_padding_mode:none"]
        return try runTool("openssl", ["pkeyutl", "-inkey", key, "-in", input] + options).bytes
    }

    /// The INTEGERs of a SEQUENCE, without signs.
    private static func numbers(in der: [UInt8]) -> [[UInt8]] {
        func length(_ rest: ArraySlice<UInt8>) -> (Int, Int) {
            let first = Int(rest[rest.startIndex + 1])
            if first < 0x80 { return (first, 2) }
            let octets = rest.dropFirst(2).prefix(first & 0x7f)
            return (octets.reduce(0) { $0 << 8 | Int($1) }, 2 + octets.count)
        }
        var rest = der[length(der[...]).1...]
        var numbers: [[UInt8]] = []
        while !rest.isEmpty {
            let (count, head) = length(rest)
            numbers.append(Array(rest.dropFirst(head).prefix(count).drop { $0 == 0 }))
            rest = rest.dropFirst(head + count)
        }
        return numbers
    }
}
