internal import COpenSSL
public import PostureModel

/// A public key: EC on P-256 or P-384, or RSA of 2048 to 8192 bits.
///
/// - Note: Sendable because an `EVP_PKEY` that is only read may be read by several threads (openssl-threads(7)), and
///   nothing here writes to it after `init`.
@safe public final class PublicKey: @unchecked Sendable {
    let key: OpaquePointer
    /// The key in the form of JWK.
    public let jwk: JWK

    /// Takes over a reference to `key`.
    init(owning key: OpaquePointer) throws(OpenSSLError) {
        unsafe self.key = key
        do throws(OpenSSLError) { jwk = unsafe try Self.jwk(of: key) } catch {
            unsafe EVP_PKEY_free(key)
            throw error
        }
    }

    deinit { unsafe EVP_PKEY_free(key) }

    /// The key that a JWK describes.
    ///
    /// A point that is not on its curve, and a modulus out of bounds, are refused.
    public convenience init(_ jwk: JWK) throws(OpenSSLError) {
        let key: OpaquePointer?
        switch jwk {
        case .ec(let curve, let x, let y):
            let point = [0x04] + x + y
            unsafe key = COpenSSL_ec_public_key(curve.rawValue, point, point.count)
        case .rsa(let modulus, let exponent):
            guard modulus.count <= 1024, exponent.count <= Self.exponentLimit else {
                throw OpenSSLError("RSA key", reason: "longer than 8192 bits, or its public exponent than 64")
            }
            unsafe key = COpenSSL_rsa_public_key(modulus, modulus.count, exponent, exponent.count)
        }
        guard let key = unsafe key else { throw .current("EVP_PKEY_fromdata") }
        unsafe try self.init(owning: key)
    }

    /// The thumbprint of RFC 7638 with SHA-256: what makes a device id.
    public var thumbprint: [UInt8] { Digest.sha256(jwk.thumbprintInput) }

    /// Whether `signature`, in the form of JWS, was made over `message` by the private half of this key.
    ///
    /// An algorithm that does not go with the key is a signature that does not verify.
    public func verifies(_ signature: [UInt8], over message: [UInt8], algorithm: SignatureAlgorithm) -> Bool {
        guard algorithm.suits(jwk), let signature = algorithm.derSignature(signature) else { return false }
        ERR_clear_error()
        defer { ERR_clear_error() }
        guard let context = unsafe EVP_MD_CTX_new() else { return false }
        defer { unsafe EVP_MD_CTX_free(context) }
        var keyContext: OpaquePointer?
        guard unsafe EVP_DigestVerifyInit(context, &keyContext, algorithm.digest, nil, key) == 1,
            unsafe algorithm.setPadding(keyContext)
        else { return false }
        return unsafe EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    /// The most bytes of an RSA key's public exponent: with a longer one a verification takes as long as a signature.
    private static let exponentLimit = 8

    private static func jwk(of key: OpaquePointer) throws(OpenSSLError) -> JWK {
        switch unsafe EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_EC: return unsafe try ecJWK(of: key)
        case EVP_PKEY_RSA:
            guard (2048...8192).contains(unsafe EVP_PKEY_get_bits(key)) else {
                throw OpenSSLError("RSA key", reason: "not of 2048 to 8192 bits")
            }
            let exponent = unsafe try number("e", of: key)
            guard exponent.count <= exponentLimit else {
                throw OpenSSLError("RSA key", reason: "its public exponent is longer than 64 bits")
            }
            return .rsa(modulus: unsafe try number("n", of: key), exponent: exponent)
        default: throw OpenSSLError("public key", reason: "neither EC nor RSA")
        }
    }

    private static func ecJWK(of key: OpaquePointer) throws(OpenSSLError) -> JWK {
        var name = [CChar](repeating: 0, count: 64)
        var length = 0
        guard unsafe EVP_PKEY_get_group_name(key, &name, name.count, &length) == 1 else {
            throw .current("EVP_PKEY_get_group_name")
        }
        let curve: JWK.Curve
        switch String(decoding: name.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self) {
        case "prime256v1", "P-256": curve = .p256
        case "secp384r1", "P-384": curve = .p384
        default: throw OpenSSLError("EC key", reason: "neither on P-256 nor on P-384")
        }
        let (x, y) = (unsafe try number("qx", of: key), unsafe try number("qy", of: key))
        return .ec(curve: curve, x: x.padded(to: curve.coordinateLength), y: y.padded(to: curve.coordinateLength))
    }

    private static func number(_ parameter: String, of key: OpaquePointer) throws(OpenSSLError) -> [UInt8] {
        var number: OpaquePointer?
        guard unsafe EVP_PKEY_get_bn_param(key, parameter, &number) == 1 else {
            throw .current("EVP_PKEY_get_bn_param")
        }
        defer { unsafe BN_free(number) }
        var bytes = [UInt8](repeating: 0, count: (Int(unsafe BN_num_bits(number)) + 7) / 8)
        _ = unsafe BN_bn2bin(number, &bytes)
        return bytes
    }
}

extension [UInt8] {
    /// The big-endian number in so many bytes.
    func padded(to length: Int) -> [UInt8] {
        [UInt8](repeating: 0, count: Swift.max(0, length - count)) + self
    }
}
