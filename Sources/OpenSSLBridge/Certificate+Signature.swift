internal import COpenSSL
internal import PostureModel

extension Certificate {
    /// Whether the key of `issuer` made this certificate's signature.
    ///
    /// The names are not compared.
    public func isSigned(by issuer: Certificate) -> Bool {
        ERR_clear_error()
        defer { ERR_clear_error() }
        guard let key = unsafe X509_get0_pubkey(issuer.x509) else { return false }
        return unsafe X509_verify(x509, key) == 1
    }

    /// The security of the signature's algorithm in bits: 128 for SHA-256, some 63 for SHA-1, 0 where it is unknown.
    ///
    /// - SeeAlso: X509_get_signature_info(3)
    public var signatureSecurity: Int {
        var bits: CInt = 0
        guard unsafe X509_get_signature_info(x509, nil, nil, &bits, nil) == 1 else { return 0 }
        return Int(bits)
    }

    /// The signature's algorithm as OpenSSL calls it, such as `ecdsa-with-SHA256`.
    public var signatureAlgorithmName: String {
        let identifier = unsafe X509_get_signature_nid(x509)
        guard let name = unsafe OBJ_nid2ln(identifier) else { return "an unknown algorithm" }
        return unsafe String(cString: name)
    }

    /// The security of the public key in bits: 112 for RSA-2048, 128 for P-256, 0 where it cannot be read.
    public var keySecurity: Int {
        guard let key = unsafe X509_get0_pubkey(x509) else { return 0 }
        return Int(unsafe EVP_PKEY_get_security_bits(key))
    }

    /// The key's kind and size as people say it, such as `RSA-2048`.
    public var keyName: String {
        guard let key = unsafe X509_get0_pubkey(x509), let name = unsafe EVP_PKEY_get0_type_name(key) else {
            return "an unreadable key"
        }
        return unsafe "\(String(cString: name))-\(EVP_PKEY_get_bits(key))"
    }

    /// The SHA-256 of ``publicKeyInfo``, base64url: a CA's name among CAs, however often its certificate was renewed.
    public var keyFingerprint: String { Base64URL.encode(Digest.sha256(publicKeyInfo)) }

    /// The public key as it stands in the certificate, with its algorithm (`SubjectPublicKeyInfo`), in DER.
    public var publicKeyInfo: [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = unsafe i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509), &bytes)
        guard count > 0 else { return [] }
        defer { unsafe COpenSSL_free(bytes) }
        return unsafe Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
    }
}
