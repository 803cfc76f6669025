internal import COpenSSL
internal import Glibc
package import PostureModel

/// An X.509 certificate (RFC 5280), parsed.
///
/// Parsed is not verified.
///
/// - Note: Sendable because every question is answered from an `X509` that is not changed after `init`; what OpenSSL
/// caches in it on first use it guards with a lock of its own.
@safe package final class Certificate: @unchecked Sendable {
    let x509: OpaquePointer
    /// The certificate's bytes.
    package let der: [UInt8]
    /// The public key, or why it is not used.
    let key: Result<PublicKey, KeyRefusal>
    /// Which keys made the signature.
    let answers = KeyAnswers()
    /// A hash of the subject's name: equal for names that are equal (RFC 5280 §7.1).
    package let subjectHash: UInt
    /// The same hash of the issuer's name.
    package let issuerHash: UInt
    /// Bytes that are the same for two certificates with the same key, however it is written.
    package let keyIdentity: [UInt8]

    /// The most bytes that are parsed as one certificate.
    package static let sizeLimit = 64 * 1024

    /// Parses one certificate; anything after it is an error.
    package init(der: [UInt8]) throws(OpenSSLError) {
        guard der.count <= Self.sizeLimit else { throw OpenSSLError("certificate", reason: "longer than 64 KiB") }
        ERR_clear_error()
        let (x509, used) = unsafe der.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            let x509 = unsafe d2i_X509(nil, &start, buffer.count)
            return unsafe (x509, start.flatMap { end in unsafe buffer.baseAddress.map { unsafe end - $0 } } ?? 0)
        }
        guard let x509 = unsafe x509 else { throw .current("d2i_X509") }
        guard used == der.count else {
            unsafe X509_free(x509)
            throw OpenSSLError("certificate", reason: "bytes after its end")
        }
        unsafe self.x509 = x509
        self.der = der
        key = unsafe checkedKey(of: x509)
        unsafe (subjectHash, issuerHash, keyIdentity) = indexed(x509, key)
    }

    deinit { unsafe X509_free(x509) }

    /// The certificates of a file: one in DER, or those of a PEM text, in its order.
    ///
    /// - Throws: if there is none, or one that cannot be read.
    package static func parse(_ bytes: [UInt8]) throws(PEMError) -> [Certificate] {
        var certificates: [Certificate] = []
        for der in try PEM.objects(.certificate, in: bytes) {
            do throws(OpenSSLError) { certificates.append(try Certificate(der: der)) } catch { throw .malformed(error) }
        }
        return certificates
    }

    /// The certificates of a PEM text, in its order.
    ///
    /// - Throws: if there is none, or one that cannot be read.
    package static func parse(pem: String) throws(PEMError) -> [Certificate] { try parse(Array(pem.utf8)) }

    /// How many certificates OpenSSL's own reader finds in a file: libcurl has no other for `CURLOPT_CAINFO`.
    package static func countAsOpenSSL(reads bytes: [UInt8]) throws(OpenSSLError) -> Int {
        ERR_clear_error()
        defer { ERR_clear_error() }
        return unsafe try withReader(of: bytes) { memory throws(OpenSSLError) in
            var count = 0
            // Without a callback OpenSSL would ask at the terminal for the password of an encrypted one.
            while let x509 = unsafe PEM_read_bio_X509(memory, nil, { _, _, _, _ in -1 }, nil) {
                unsafe X509_free(x509)
                count += 1
            }
            return count
        }
    }

    /// The SHA-256 of the DER, base64url: the certificate's name among certificates.
    package var fingerprint: String { Base64URL.encode(Digest.sha256(der)) }

    /// The subject's name in the form of RFC 2253, UTF-8.
    package var subject: String { unsafe nameText(X509_get_subject_name(x509)) }

    /// The issuer's name in the form of RFC 2253, UTF-8.
    package var issuer: String { unsafe nameText(X509_get_issuer_name(x509)) }

    /// Whether `issuer` has the name that this certificate's issuer has.
    ///
    /// Says nothing of who signed.
    package func names(issuer: Certificate) -> Bool {
        unsafe X509_NAME_cmp(X509_get_issuer_name(x509), X509_get_subject_name(issuer.x509)) == 0
    }

    /// Whether subject and issuer are the same name.
    ///
    /// Says nothing of who signed.
    package var isSelfIssued: Bool {
        unsafe X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name(x509)) == 0
    }

    /// The serial number in lower-case hexadecimal, without leading zeros; negative with a minus sign.
    package var serialNumber: String { unsafe hexadecimal(X509_get0_serialNumber(x509)) }

    /// The serial number in decimal; negative with a minus sign.
    package var decimalSerialNumber: String { unsafe decimal(X509_get0_serialNumber(x509)) }

    /// The octets of the serial number's absolute value, big-endian, as they stand in the certificate.
    package var serialNumberOctets: [UInt8] { unsafe bytes(of: X509_get0_serialNumber(x509)) ?? [] }

    /// The first second in which the certificate is valid; nil where it is not a time.
    package var notBefore: Timestamp? { unsafe moment(X509_get0_notBefore(x509)) }

    /// The last second in which the certificate is valid; nil where it is not a time.
    package var notAfter: Timestamp? { unsafe moment(X509_get0_notAfter(x509)) }

    /// The time in which the certificate is valid; nil where one of its ends is not a time.
    package var validity: Validity? {
        guard let notBefore, let notAfter else { return nil }
        return Validity(start: notBefore, end: notAfter)
    }

    /// The certificate's public key; an error where it is not of the set that is used here.
    package func publicKey() throws(OpenSSLError) -> PublicKey {
        do { return try key.get() } catch { throw OpenSSLError("public key", reason: "\(error)") }
    }

    /// Why nothing is verified with the certificate's key; nil if it is of the set that is used here.
    package var keyRefusal: KeyRefusal? {
        if case .failure(let refusal) = key { refusal } else { nil }
    }

    /// The version, 1 to 3; nil where the field says something else (RFC 5280 §4.1.2.1).
    package var version: Int? {
        let number = unsafe X509_get_version(x509)
        return (0...2).contains(number) ? Int(number) + 1 : nil
    }

    /// Whether the certificate has a list of extensions, be it empty.
    package var hasExtensions: Bool { unsafe X509_get0_extensions(x509) != nil }

    /// Whether the certificate has a unique identifier of its issuer or of its subject (RFC 5280 §4.1.2.8).
    package var hasUniqueIdentifiers: Bool {
        var (issuer, subject): (UnsafePointer<ASN1_BIT_STRING>?, UnsafePointer<ASN1_BIT_STRING>?)
        unsafe X509_get0_uids(x509, &issuer, &subject)
        return unsafe issuer != nil || subject != nil
    }
}

/// What certificates are found by, which is asked for again and again.
private func indexed(_ x509: OpaquePointer, _ key: Result<PublicKey, KeyRefusal>) -> (UInt, UInt, [UInt8]) {
    let subject = unsafe X509_NAME_hash_ex(X509_get_subject_name(x509), nil, nil, nil)
    let issuer = unsafe X509_NAME_hash_ex(X509_get_issuer_name(x509), nil, nil, nil)
    return unsafe (subject, issuer, (try? key.get().jwk.thumbprintInput) ?? publicKeyInfo(of: x509))
}

/// The key of a certificate, or why it is not used.
private func checkedKey(of x509: OpaquePointer) -> Result<PublicKey, KeyRefusal> {
    ERR_clear_error()
    defer { ERR_clear_error() }
    guard let key = unsafe X509_get_pubkey(x509) else { return .failure(.unreadable) }
    if let refusal = unsafe KeyRefusal(key) ?? (isInDER(key, of: x509) ? nil : .encoding) {
        unsafe EVP_PKEY_free(key)
        return .failure(refusal)
    }
    guard let checked = try? unsafe PublicKey(owning: key) else { return .failure(.unreadable) }
    return .success(checked)
}

/// Whether an RSA key stands in the certificate as DER has it: OpenSSL reads a negative number as a positive one.
private func isInDER(_ key: OpaquePointer, of x509: OpaquePointer) -> Bool {
    guard unsafe EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA else { return true }
    var stored: UnsafePointer<UInt8>?
    var length: CInt = 0
    var encoded: UnsafeMutablePointer<UInt8>?
    let count = unsafe i2d_PublicKey(key, &encoded)
    defer { unsafe COpenSSL_free(encoded) }
    guard unsafe X509_PUBKEY_get0_param(nil, &stored, &length, nil, X509_get_X509_PUBKEY(x509)) == 1 else {
        return false
    }
    return unsafe UnsafeBufferPointer(start: stored, count: Int(length))
        .elementsEqual(UnsafeBufferPointer(start: encoded, count: Int(max(0, count))))
}
