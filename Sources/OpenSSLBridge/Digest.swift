internal import COpenSSL

/// Hashes, message authentication and randomness, from libcrypto.
package enum Digest {
    /// The SHA-256 of `bytes`: 32 bytes.
    package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        let done = unsafe EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha256(), nil)
        precondition(done == 1 && length == 32, "SHA-256 is always there")
        return digest
    }

    /// The HMAC-SHA-256 of `message` under `key` (RFC 2104): 32 bytes.
    package static func hmacSHA256(key: [UInt8], message: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        let done = unsafe HMAC(EVP_sha256(), key, CInt(key.count), message, message.count, &digest, &length)
        precondition(unsafe done != nil && length == 32, "HMAC-SHA-256 is always there")
        return digest
    }

    /// Bytes that nobody can guess.
    package static func random(count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let done = unsafe RAND_bytes(&bytes, CInt(count))
        precondition(done == 1, "the kernel has randomness")
        return bytes
    }

    /// Whether two secrets are equal, in a time that depends on their lengths alone.
    package static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        unsafe left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
    }
}
