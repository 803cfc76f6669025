internal import COpenSSL
package import PostureModel

/// A certificate revocation list (RFC 5280 §5), parsed.
///
/// Parsed is not verified.
///
/// - Note: Sendable for the reasons that ``Certificate`` is: nothing changes the list after `init`, which also has
/// OpenSSL sort its entries, and what OpenSSL caches in it later it guards with a lock of its own.
@safe package final class RevocationList: @unchecked Sendable {
    let crl: OpaquePointer
    private let answers = KeyAnswers()
    /// The list's issuer, in the form of RFC 2253.
    package let issuer: String
    /// When it was made; nil where that is not a time.
    package let thisUpdate: Timestamp?
    /// When the next one is due; nil where that is not said.
    package let nextUpdate: Timestamp?

    /// The most bytes that are parsed as one list.
    package static let sizeLimit = 32 * 1024 * 1024

    /// Takes over a reference to `crl`.
    private init(owning crl: OpaquePointer) {
        unsafe self.crl = crl
        issuer = unsafe nameText(X509_CRL_get_issuer(crl))
        thisUpdate = unsafe moment(X509_CRL_get0_lastUpdate(crl))
        nextUpdate = unsafe moment(X509_CRL_get0_nextUpdate(crl))
        var entry: OpaquePointer?
        let zero = unsafe ASN1_INTEGER_new()
        _ = unsafe X509_CRL_get0_by_serial(crl, &entry, zero)
        unsafe ASN1_INTEGER_free(zero)
    }

    deinit { unsafe X509_CRL_free(crl) }

    /// The lists of a file: one in DER, or those of a PEM text, in its order.
    ///
    /// - Throws: if there is none, or one that cannot be read.
    package static func parse(_ bytes: [UInt8]) throws(PEMError) -> [RevocationList] {
        guard bytes.count <= sizeLimit else { throw .tooLong }
        var lists: [RevocationList] = []
        for der in try PEM.objects(.revocationList, in: bytes) {
            do throws(OpenSSLError) { lists.append(try RevocationList(der: der)) } catch { throw .malformed(error) }
        }
        return lists
    }

    /// Parses one list; anything after it is an error.
    private convenience init(der: [UInt8]) throws(OpenSSLError) {
        ERR_clear_error()
        defer { ERR_clear_error() }
        let (crl, used) = unsafe der.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            let crl = unsafe d2i_X509_CRL(nil, &start, buffer.count)
            return unsafe (crl, start.flatMap { end in unsafe buffer.baseAddress.map { unsafe end - $0 } } ?? 0)
        }
        guard let crl = unsafe crl else { throw .current("d2i_X509_CRL") }
        guard used == der.count else {
            unsafe X509_CRL_free(crl)
            throw OpenSSLError("CRL", reason: "bytes after its end")
        }
        unsafe self.init(owning: crl)
    }

    /// Whether the list is of the CA with this certificate: by name, and by a signature of its key.
    ///
    /// Each key is asked about once: a list may be long, and judging a message must not hash it again.
    package func isSigned(by issuer: Certificate) -> Bool {
        guard unsafe X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name(issuer.x509)) == 0,
            let key = try? issuer.key.get()
        else { return false }
        return answers.answer(for: key.jwk) {
            ERR_clear_error()
            defer { ERR_clear_error() }
            SignatureMeter.count()
            return unsafe X509_CRL_verify(crl, key.key) == 1
        }
    }

    /// Whether the list says everything there is to say of its issuer's certificates: no delta, no part of them only.
    package var isComplete: Bool {
        unsafe X509_CRL_get_ext_by_NID(crl, NID_delta_crl, -1) < 0
            && X509_CRL_get_ext_by_NID(crl, NID_issuing_distribution_point, -1) < 0
    }

    /// Whether the list has what RFC 5280 §5.1 and §5.2.3 demand, version 2, the time of the next one, and a number, and
    /// is not signed over SHA-1 or MD5.
    package var isConforming: Bool { flaw == nil }

    /// What keeps a list from conforming.
    package enum Flaw: Sendable, Equatable, CaseIterable {
        case version, nextUpdate, number, weakSignature
    }

    /// The first flaw of the list's form; nil for a list that has none.
    package var flaw: Flaw? {
        if unsafe X509_CRL_get_version(crl) != X509_CRL_VERSION_2 { return .version }
        if nextUpdate == nil { return .nextUpdate }
        if unsafe X509_CRL_get_ext_by_NID(crl, NID_crl_number, -1) < 0 { return .number }
        return isWeaklySigned ? .weakSignature : nil
    }

    private var isWeaklySigned: Bool {
        var (digest, key): (CInt, CInt) = (NID_undef, NID_undef)
        guard unsafe OBJ_find_sigid_algs(X509_CRL_get_signature_nid(crl), &digest, &key) == 1 else { return true }
        // EdDSA has a digest of its own, and RSA-PSS names its in parameters, which OpenSSL looks at.
        guard digest != NID_undef else { return false }
        return [NID_md2, NID_md4, NID_md5, NID_mdc2, NID_sha1, NID_md5_sha1].contains(digest)
    }

    /// The list's bytes.
    package var der: [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = unsafe i2d_X509_CRL(crl, &bytes)
        defer { unsafe COpenSSL_free(bytes) }
        return unsafe Array(UnsafeBufferPointer(start: bytes, count: max(0, Int(count))))
    }

    /// The serial numbers on the list, in the form of ``Certificate/serialNumber``.
    package var revokedSerialNumbers: Set<String> {
        var serials: Set<String> = []
        for index in 0..<(unsafe COpenSSL_revoked_count(crl)) {
            guard let entry = unsafe COpenSSL_revoked_at(crl, index) else { continue }
            unsafe serials.insert(hexadecimal(X509_REVOKED_get0_serialNumber(entry)))
        }
        return serials
    }
}
