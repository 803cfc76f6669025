internal import COpenSSL
internal import PostureModel

extension Certificate {
    /// Whether the key of `issuer` made this certificate's signature.
    ///
    /// The names are not compared. A key that is not of the allowed set made no signature. Each key is tried once: a
    /// configured certificate is not verified again for each message.
    package func isSigned(by issuer: Certificate) -> Bool {
        guard let key = try? issuer.key.get() else { return false }
        return answers.answer(for: key.jwk) {
            ERR_clear_error()
            defer { ERR_clear_error() }
            SignatureMeter.count()
            return unsafe X509_verify(x509, key.key) == 1
        }
    }

    /// The security of the signature's algorithm in bits: 128 for SHA-256, some 63 for SHA-1, 0 where it is unknown.
    ///
    /// - SeeAlso: X509_get_signature_info(3)
    package var signatureSecurity: Int {
        var bits: CInt = 0
        guard unsafe X509_get_signature_info(x509, nil, nil, &bits, nil) == 1 else { return 0 }
        return Int(bits)
    }

    /// The signature's algorithm as OpenSSL calls it, such as `ecdsa-with-SHA256`.
    package var signatureAlgorithmName: String {
        let identifier = unsafe X509_get_signature_nid(x509)
        guard let name = unsafe OBJ_nid2ln(identifier) else { return "an unknown algorithm" }
        return unsafe String(cString: name)
    }

    /// The key's kind and size as people say it, such as `RSA-2048`.
    package var keyName: String {
        guard let key = unsafe X509_get0_pubkey(x509), let name = unsafe EVP_PKEY_get0_type_name(key) else {
            return "an unreadable key"
        }
        return unsafe "\(String(cString: name))-\(EVP_PKEY_get_bits(key))"
    }

    /// The SHA-256 of ``publicKeyInfo``, base64url: a CA's name among CAs, however often its certificate was renewed.
    package var keyFingerprint: String { Base64URL.encode(Digest.sha256(publicKeyInfo)) }

    /// The public key as it stands in the certificate, with its algorithm (`SubjectPublicKeyInfo`), in DER.
    package var publicKeyInfo: [UInt8] { unsafe OpenSSLBridge.publicKeyInfo(of: x509) }
}

/// The public key of a certificate with its algorithm, in DER.
func publicKeyInfo(of x509: OpaquePointer) -> [UInt8] {
    var bytes: UnsafeMutablePointer<UInt8>?
    let count = unsafe i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509), &bytes)
    guard count > 0 else { return [] }
    defer { unsafe COpenSSL_free(bytes) }
    return unsafe Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
}
