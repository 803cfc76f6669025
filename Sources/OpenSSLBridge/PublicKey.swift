internal import COpenSSL
package import PostureModel

/// A public key of the set that is allowed here (``KeyRefusal`` says which one that is).
///
/// - Note: Sendable because an `EVP_PKEY` that is only read may be read by several threads (openssl-threads(7)), and
///   nothing here writes to it after `init`.
@safe package final class PublicKey: @unchecked Sendable {
    let key: OpaquePointer
    /// The key in the form of JWK.
    package let jwk: JWK

    /// Takes over a reference to `key`.
    init(owning key: OpaquePointer) throws(OpenSSLError) {
        unsafe self.key = key
        do throws(OpenSSLError) {
            if let refusal = unsafe KeyRefusal(key) { throw OpenSSLError("public key", reason: "\(refusal)") }
            jwk = unsafe try Self.jwk(of: key)
        } catch {
            unsafe EVP_PKEY_free(key)
            throw error
        }
    }

    deinit { unsafe EVP_PKEY_free(key) }

    /// The key that a JWK describes.
    ///
    /// A point that is not on its curve is refused, and what ``KeyRefusal`` names.
    package convenience init(_ jwk: JWK) throws(OpenSSLError) {
        let key: OpaquePointer?
        switch jwk {
        case .ec(let curve, let x, let y):
            let point = [0x04] + x + y
            unsafe key = COpenSSL_ec_public_key(curve.rawValue, point, point.count)
        case .rsa(let modulus, let exponent):
            // Zeros in front may make a short number long: twice the length is enough of them.
            guard modulus.count <= 2 * KeyRefusal.modulusBits.upperBound / 8 else {
                throw OpenSSLError("public key", reason: "\(KeyRefusal.modulusTooLong)")
            }
            guard exponent.count <= 2 * KeyRefusal.exponentBits / 8 else {
                throw OpenSSLError("public key", reason: "\(KeyRefusal.exponentTooLong)")
            }
            unsafe key = COpenSSL_rsa_public_key(modulus, modulus.count, exponent, exponent.count)
        }
        guard let key = unsafe key else { throw .current("EVP_PKEY_fromdata") }
        unsafe try self.init(owning: key)
    }

    /// The thumbprint of RFC 7638 with SHA-256: what makes a device id.
    package var thumbprint: [UInt8] { Digest.sha256(jwk.thumbprintInput) }

    /// Whether `signature`, in the form of JWS, was made over `message` by the private half of this key.
    ///
    /// An algorithm that does not go with the key is a signature that does not verify.
    package func verifies(_ signature: [UInt8], over message: [UInt8], algorithm: SignatureAlgorithm) -> Bool {
        // OpenSSL takes an RSA signature without its leading zeros, too (RFC 8017 §8.1.2 does not).
        if case .rsa(let modulus, _) = jwk, signature.count != modulus.count { return false }
        guard algorithm.suits(jwk), let signature = algorithm.derSignature(signature) else { return false }
        ERR_clear_error()
        defer { ERR_clear_error() }
        guard let context = unsafe EVP_MD_CTX_new() else { return false }
        defer { unsafe EVP_MD_CTX_free(context) }
        SignatureMeter.count()
        var keyContext: OpaquePointer?
        guard unsafe EVP_DigestVerifyInit(context, &keyContext, algorithm.digest, nil, key) == 1,
            unsafe algorithm.setPadding(keyContext)
        else { return false }
        return unsafe EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    private static func jwk(of key: OpaquePointer) throws(OpenSSLError) -> JWK {
        if let curve = unsafe namedCurve(of: key), let x = unsafe number("qx", of: key),
            let y = unsafe number("qy", of: key)
        {
            let length = curve.coordinateLength
            return .ec(curve: curve, x: x.padded(to: length), y: y.padded(to: length))
        }
        guard let modulus = unsafe number("n", of: key), let exponent = unsafe number("e", of: key) else {
            throw .current("EVP_PKEY_get_bn_param")
        }
        return .rsa(modulus: modulus, exponent: exponent)
    }
}

/// The curve of an EC key; nil where it is not one that is used here.
func namedCurve(of key: OpaquePointer) -> JWK.Curve? {
    var name = [CChar](repeating: 0, count: 64)
    var length = 0
    guard unsafe EVP_PKEY_get_group_name(key, &name, name.count, &length) == 1 else { return nil }
    return switch String(decoding: name.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self) {
    case "prime256v1", "P-256": .p256
    case "secp384r1", "P-384": .p384
    default: nil
    }
}

/// A number of a key, big-endian, without leading zeros; nil where the key has none of this name.
func number(_ parameter: String, of key: OpaquePointer) -> [UInt8]? {
    var number: OpaquePointer?
    guard unsafe EVP_PKEY_get_bn_param(key, parameter, &number) == 1 else { return nil }
    defer { unsafe BN_free(number) }
    var bytes = [UInt8](repeating: 0, count: (Int(unsafe BN_num_bits(number)) + 7) / 8)
    _ = unsafe BN_bn2bin(number, &bytes)
    return bytes
}

extension [UInt8] {
    /// The big-endian number in so many bytes.
    func padded(to length: Int) -> [UInt8] {
        [UInt8](repeating: 0, count: Swift.max(0, length - count)) + self
    }
}
