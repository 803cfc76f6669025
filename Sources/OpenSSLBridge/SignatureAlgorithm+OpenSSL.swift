internal import COpenSSL
internal import PostureModel

extension SignatureAlgorithm {
    var digest: OpaquePointer? {
        unsafe self == .es384 ? EVP_sha384() : EVP_sha256()
    }

    /// The length of one number of an ECDSA signature in bytes; nil for RSA.
    private var numberLength: Int? {
        switch self {
        case .es256: 32
        case .es384: 48
        case .ps256, .rs256: nil
        }
    }

    /// Whether a key of this kind makes signatures of this algorithm.
    func suits(_ key: JWK) -> Bool {
        switch (self, key) {
        case (.es256, .ec(.p256, _, _)), (.es384, .ec(.p384, _, _)), (.ps256, .rsa), (.rs256, .rsa): true
        default: false
        }
    }

    /// RFC 7518 §3.3 and §3.5: PKCS #1 v1.5, or PSS with a salt as long as the hash.
    ///
    /// EC needs nothing.
    func setPadding(_ context: OpaquePointer?) -> Bool {
        switch self {
        case .es256, .es384: return true
        case .rs256: return unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) > 0
        case .ps256:
            return unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0
                && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) > 0
        }
    }

    /// The signature as OpenSSL takes it.
    ///
    /// RFC 7518 §3.4 has ECDSA's two numbers one after the other, X9.62 in DER.
    func derSignature(_ signature: [UInt8]) -> [UInt8]? {
        guard let length = numberLength else { return signature }
        guard signature.count == 2 * length, let pair = unsafe ECDSA_SIG_new() else { return nil }
        defer { unsafe ECDSA_SIG_free(pair) }
        let (r, s) = (Array(signature.prefix(length)), Array(signature.suffix(length)))
        guard unsafe ECDSA_SIG_set0(pair, BN_bin2bn(r, CInt(length), nil), BN_bin2bn(s, CInt(length), nil)) == 1
        else { return nil }
        var der: UnsafeMutablePointer<UInt8>?
        let count = unsafe i2d_ECDSA_SIG(pair, &der)
        defer { unsafe COpenSSL_free(der) }
        guard count > 0 else { return nil }
        return unsafe Array(UnsafeBufferPointer(start: der, count: Int(count)))
    }

    /// The signature as JWS has it, from OpenSSL's.
    func jwsSignature(_ der: [UInt8]) -> [UInt8]? {
        guard let length = numberLength else { return der }
        return unsafe der.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            guard let pair = unsafe d2i_ECDSA_SIG(nil, &start, buffer.count) else { return nil }
            defer { unsafe ECDSA_SIG_free(pair) }
            var bytes = [UInt8](repeating: 0, count: 2 * length)
            let done = unsafe bytes.withUnsafeMutableBufferPointer { out in
                guard let base = out.baseAddress else { return false }
                return unsafe BN_bn2binpad(ECDSA_SIG_get0_r(pair), base, CInt(length)) == CInt(length)
                    && BN_bn2binpad(ECDSA_SIG_get0_s(pair), base + length, CInt(length)) == CInt(length)
            }
            return done ? bytes : nil
        }
    }
}
