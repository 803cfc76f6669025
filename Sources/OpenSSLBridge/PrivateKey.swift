internal import COpenSSL
package import PostureModel

/// A private key in memory.
///
/// - Note: Sendable for the same reason as ``PublicKey``: the `EVP_PKEY` is never written to after `init`.
@safe package final class PrivateKey: @unchecked Sendable {
    private let key: OpaquePointer
    /// The public half.
    package let publicKey: PublicKey

    /// Takes over a reference to `key`.
    private init(owning key: OpaquePointer) throws(OpenSSLError) {
        unsafe self.key = key
        unsafe EVP_PKEY_up_ref(key)
        do throws(OpenSSLError) { publicKey = unsafe try PublicKey(owning: key) } catch {
            unsafe EVP_PKEY_free(key)
            throw error
        }
    }

    /// Reads PKCS #8, or the traditional form of RSA or EC keys.
    private convenience init(der: [UInt8]) throws(OpenSSLError) {
        ERR_clear_error()
        defer { ERR_clear_error() }
        let (key, used) = unsafe der.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            let key = unsafe d2i_AutoPrivateKey(nil, &start, buffer.count)
            return unsafe (key, start.flatMap { end in unsafe buffer.baseAddress.map { unsafe end - $0 } } ?? 0)
        }
        guard let key = unsafe key else { throw .current("d2i_AutoPrivateKey") }
        guard used == der.count else {
            unsafe EVP_PKEY_free(key)
            throw OpenSSLError("private key", reason: "bytes after its end")
        }
        unsafe try self.init(owning: key)
    }

    deinit { unsafe EVP_PKEY_free(key) }

    /// The kinds of key that can be made.
    package enum Kind: Sendable {
        case p256
        case p384
        case rsa(bits: Int)
    }

    /// Makes a new key.
    package static func generate(_ kind: Kind) throws(OpenSSLError) -> PrivateKey {
        let key =
            switch kind {
            case .p256: unsafe COpenSSL_generate_ec("P-256")
            case .p384: unsafe COpenSSL_generate_ec("P-384")
            case .rsa(let bits): unsafe COpenSSL_generate_rsa(bits)
            }
        guard let key = unsafe key else { throw .current("EVP_PKEY_Q_keygen") }
        return unsafe try PrivateKey(owning: key)
    }

    /// Reads the one unencrypted key of a file in PEM, which may hold certificates too, or in DER.
    ///
    /// One with a password is an error: nobody is ever asked for it.
    package convenience init(_ bytes: [UInt8]) throws(PEMError) {
        let keys = try PEM.objects(.privateKey, in: bytes)
        guard keys.count == 1 else { throw .severalKeys(keys.count) }
        do throws(OpenSSLError) { try self.init(der: keys[0]) } catch { throw .malformed(error) }
    }

    /// Reads an unencrypted key in PEM.
    package convenience init(pem: String) throws(PEMError) { try self.init(Array(pem.utf8)) }

    /// The key as unencrypted PKCS #8 in PEM.
    package func pem() throws(OpenSSLError) -> String {
        guard let memory = unsafe BIO_new(BIO_s_mem()) else { throw .current("BIO_new") }
        defer { unsafe BIO_free(memory) }
        guard unsafe PEM_write_bio_PrivateKey(memory, key, nil, nil, 0, nil, nil) == 1 else {
            throw .current("PEM_write_bio_PrivateKey")
        }
        return unsafe readAll(memory)
    }

    /// Signs `message`; the signature has the form of JWS (RFC 7518 §3).
    package func sign(
        _ message: [UInt8],
        algorithm: SignatureAlgorithm? = nil
    ) throws(OpenSSLError) -> [UInt8] {
        let algorithm = algorithm ?? publicKey.jwk.algorithm
        guard algorithm.suits(publicKey.jwk) else {
            throw OpenSSLError("signing", reason: "\(algorithm.rawValue) does not go with the key")
        }
        guard let context = unsafe EVP_MD_CTX_new() else { throw .current("EVP_MD_CTX_new") }
        defer { unsafe EVP_MD_CTX_free(context) }
        var keyContext: OpaquePointer?
        guard unsafe EVP_DigestSignInit(context, &keyContext, algorithm.digest, nil, key) == 1,
            unsafe algorithm.setPadding(keyContext)
        else { throw .current("EVP_DigestSignInit") }
        var length = 1024 + 32
        var signature = [UInt8](repeating: 0, count: length)
        guard unsafe EVP_DigestSign(context, &signature, &length, message, message.count) == 1,
            let jws = algorithm.jwsSignature(Array(signature.prefix(length)))
        else { throw .current("EVP_DigestSign") }
        return jws
    }
}
