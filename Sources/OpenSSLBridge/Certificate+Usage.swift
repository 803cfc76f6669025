internal import COpenSSL

extension Certificate {
    /// The common names of the subject, in its order, each as UTF-8; one that is not text is passed over.
    ///
    /// All of them, with their lengths: NSS takes the last, OpenSSL's own look-up the first, and a name with a NUL
    /// in it compared as a C string equals its prefix.
    public var commonNames: [String] {
        guard let subject = unsafe X509_get_subject_name(x509) else { return [] }
        var names: [String] = []
        var position: CInt = -1
        while true {
            position = unsafe X509_NAME_get_index_by_NID(subject, NID_commonName, position)
            guard position >= 0, let entry = unsafe X509_NAME_get_entry(subject, position) else { return names }
            var text: UnsafeMutablePointer<UInt8>?
            let length = unsafe ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry))
            guard length >= 0 else { continue }
            defer { unsafe COpenSSL_free(text) }
            unsafe names.append(String(decoding: UnsafeBufferPointer(start: text, count: Int(length)), as: UTF8.self))
        }
    }

    /// The extended key usages as dotted OIDs; nil where the certificate has no such extension, empty where it has
    /// one that cannot be read.
    public var extendedKeyUsages: [String]? {
        var critical: CInt = 0
        guard let usages = unsafe COpenSSL_extended_key_usage(x509, &critical) else {
            return critical == -1 ? nil : []
        }
        defer { unsafe COpenSSL_usages_free(usages) }
        return unsafe (0..<COpenSSL_usages_count(usages)).map { index in
            var text = [CChar](repeating: 0, count: 128)
            let length = unsafe OBJ_obj2txt(&text, CInt(text.count), COpenSSL_usages_at(usages, index), 1)
            return String(
                decoding: text.prefix(max(0, min(Int(length), 127))).map { UInt8(bitPattern: $0) },
                as: UTF8.self
            )
        }
    }

    /// Whether the certificate may be a CA's: by its basic constraints, or in the ways of before there were any.
    public var isCA: Bool {
        unsafe X509_check_ca(x509) > 0
    }

    /// Whether the key may make signatures: it has no key usage extension, or one with `digitalSignature`.
    public var allowsDigitalSignature: Bool {
        // X509_get_key_usage(3) gives all bits where there is no extension.
        unsafe X509_get_key_usage(x509) & UInt32(KU_DIGITAL_SIGNATURE) != 0
    }
}
