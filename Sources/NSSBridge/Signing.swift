internal import CNSS
package import PostureModel

extension NSSDatabase {
    /// The sizes of RSA keys that sign, in bytes of the modulus: 2,048 bits, which RFC 7518 asks for, to 16,384.
    private static let modulusSizes = 256...2048

    /// Signs `message` with the private key of `certificate`; the key does not leave NSS.
    ///
    /// The key is the one with the certificate's `CKA_ID` in the certificate's own token. Whoever verifies checks it
    /// against the certificate.
    ///
    /// - Throws: ``NSSError``: `keysLocked` where the keys are behind a password, `noPrivateKey` where the token or the
    ///   key is gone, `unsuitableKey` where the key does not suit the algorithm, `unsupported` where the token does not
    ///   know the algorithm (take RS256 instead of PS256 then), `library` where NSS or the token fails.
    /// - Returns: The signature as JWS wants it: r and s for ECDSA, as long as the modulus for RSA.
    package borrowing func sign(
        _ message: [UInt8],
        keyOf certificate: NSSCertificate,
        algorithm: SignatureAlgorithm
    ) throws(NSSError) -> [UInt8] {
        SQLiteGuard.begin(.use)
        let key = try PrivateKey(of: certificate, among: tokens.all)
        let length = try key.signatureLength(for: algorithm)
        try key.check(supports: algorithm)
        let input = try algorithm.digestPrefix + NSSDatabase.digest(of: message, algorithm)
        var signature = [UInt8](repeating: 0, count: length)
        var written = UInt32(length)
        let status = unsafe CNSS_sign(
            key.pointer,
            algorithm.mechanism,
            input,
            UInt32(input.count),
            &signature,
            &written
        )
        guard status == SECSuccess else { throw NSSError.last("PK11_SignWithMechanism") }
        guard written == length else {
            throw .unsuitable("the signature has \(written) bytes where \(algorithm.rawValue) has \(length)")
        }
        return signature
    }

    private static func digest(of message: [UInt8], _ algorithm: SignatureAlgorithm) throws(NSSError) -> [UInt8] {
        let (tag, length) = algorithm.hash
        guard let size = PRInt32(exactly: message.count) else {
            throw NSSError(.limitExceeded, call: "PK11_HashBuf", text: "more than 2 GiB to sign; refused")
        }
        var digest = [UInt8](repeating: 0, count: length)
        guard unsafe PK11_HashBuf(tag, &digest, message, size) == SECSuccess else {
            throw NSSError.last("PK11_HashBuf")
        }
        return digest
    }

    /// A handle of a private key in a token.
    @NSS
    @safe
    private struct PrivateKey: ~Copyable {
        let pointer: UnsafeMutablePointer<SECKEYPrivateKey>
        let token: Token

        /// Tokens may share a name: the key is looked for in all of that name.
        init(of certificate: NSSCertificate, among tokens: [Token]) throws(NSSError) {
            let id = certificate.id
            let named = tokens.filter {
                $0.isDatabase == certificate.isInDatabase && $0.name.utf8.elementsEqual(certificate.token.utf8)
            }
            for token in named where !id.isEmpty && token.lock == nil {
                guard let pointer = unsafe CNSS_find_key(token.pointer, id, UInt32(id.count)) else { continue }
                unsafe self.pointer = pointer
                self.token = token
                return
            }
            if let lock = named.lazy.compactMap(\.lock).first {
                throw NSSError(.keysLocked, call: "PK11_FindKeyByKeyID", text: lock)
            }
            let place = named.first?.phrase ?? "the token of the certificate is no longer there, and so"
            throw NSSError(
                .noPrivateKey,
                call: "PK11_FindKeyByKeyID",
                text: "\(place) holds no private key for the certificate"
            )
        }

        /// Throws where the token does not know the algorithm.
        borrowing func check(supports algorithm: SignatureAlgorithm) throws(NSSError) {
            guard unsafe PK11_DoesMechanism(token.pointer, algorithm.mechanism) == 0 else { return }
            throw NSSError(
                .unsupported,
                call: "PK11_SignWithMechanism",
                text: "\(token.phrase) does not sign with \(algorithm.rawValue)"
            )
        }

        deinit {
            unsafe SECKEY_DestroyPrivateKey(pointer)
        }

        /// The bytes of a signature, where the key suits the algorithm.
        borrowing func signatureLength(for algorithm: SignatureAlgorithm) throws(NSSError) -> Int {
            let type = unsafe SECKEY_GetPrivateKeyType(pointer)
            guard let curve = algorithm.curve else {
                guard type == rsaKey else { throw .unsuitable("not an RSA key, which \(algorithm.rawValue) needs") }
                let size = Int(unsafe PK11_GetPrivateModulusLen(pointer))
                guard modulusSizes.contains(size) else {
                    throw .unsuitable("an RSA key of \(size * 8) bits; \(algorithm.rawValue) needs 2048 to 16384")
                }
                return size
            }
            guard type == ecKey, try parameters() == curve else {
                throw .unsuitable("not a key on the curve that \(algorithm.rawValue) needs")
            }
            return algorithm.hash.length * 2
        }

        /// `CKA_EC_PARAMS`: the DER of the curve's name.
        private borrowing func parameters() throws(NSSError) -> [UInt8] {
            var item = unsafe SECItem()
            let type = CK_ATTRIBUTE_TYPE(CKA_EC_PARAMS)
            guard unsafe PK11_ReadRawAttribute(PK11_TypePrivKey, pointer, type, &item) == SECSuccess else {
                throw NSSError.last("PK11_ReadRawAttribute")
            }
            defer { unsafe SECITEM_FreeItem(&item, 0) }
            return unsafe Array(UnsafeBufferPointer(start: item.data, count: Int(item.len)))
        }
    }
}

extension NSSError {
    fileprivate static func unsuitable(_ text: String) -> NSSError {
        NSSError(.unsuitableKey, call: "PK11_SignWithMechanism", text: text)
    }
}
