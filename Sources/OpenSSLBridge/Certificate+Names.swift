internal import COpenSSL

/// A name of a subject alternative name or of a name constraint (RFC 5280 §4.2.1.6), as the octets that stand there.
package enum GeneralName: Sendable, Equatable {
    case dns([UInt8])
    case email([UInt8])
    case uri([UInt8])
    /// 4 or 16 octets; twice as many in a name constraint.
    case ip([UInt8])
    /// `otherName`, `directoryName` and what else there is: never compared.
    case other
}

/// The name constraints of a CA (RFC 5280 §4.2.1.10).
package struct NameConstraints: Sendable {
    /// The bases of the permitted subtrees; nil where there is no such list.
    package let permitted: [GeneralName]?
    /// The bases of the excluded subtrees; nil where there is no such list.
    package let excluded: [GeneralName]?
    /// Whether every subtree is one that RFC 5280 allows: with a minimum of 0 and without a maximum.
    package let isWhole: Bool
}

extension Certificate {
    /// The common names of the subject, in its order, each as UTF-8; one that is not text is passed over.
    ///
    /// All of them, with their lengths: NSS takes the last, OpenSSL's own look-up the first, and a name with a NUL
    /// in it compared as a C string equals its prefix.
    package var commonNames: [String] { subjectTexts(NID_commonName) }

    /// The e-mail addresses of the subject itself (PKCS #9 `emailAddress`), which RFC 5280 §4.1.2.6 deprecates.
    package var subjectEmails: [String] { subjectTexts(NID_pkcs9_emailAddress) }

    /// All e-mail addresses: of the subject, and of the subject alternative names.
    package var emails: [String] {
        subjectEmails
            + (alternativeNames ?? []).compactMap { name in
                if case .email(let octets) = name { String(decoding: octets, as: UTF8.self) } else { nil }
            }
    }

    /// The subject's name in DER.
    package var subjectDER: [UInt8] {
        var start: UnsafePointer<UInt8>?
        var count = 0
        guard unsafe X509_NAME_get0_der(X509_get_subject_name(x509), &start, &count) == 1 else { return [] }
        return unsafe Array(UnsafeBufferPointer(start: start, count: count))
    }

    private func subjectTexts(_ attribute: CInt) -> [String] {
        guard let subject = unsafe X509_get_subject_name(x509) else { return [] }
        var names: [String] = []
        var position: CInt = -1
        while true {
            position = unsafe X509_NAME_get_index_by_NID(subject, attribute, position)
            guard position >= 0, let entry = unsafe X509_NAME_get_entry(subject, position) else { return names }
            var text: UnsafeMutablePointer<UInt8>?
            let length = unsafe ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry))
            guard length >= 0 else { continue }
            defer { unsafe COpenSSL_free(text) }
            unsafe names.append(String(decoding: UnsafeBufferPointer(start: text, count: Int(length)), as: UTF8.self))
        }
    }

    /// The subject alternative names; nil where the certificate has no such extension, empty where it has one that
    /// cannot be read.
    package var alternativeNames: [GeneralName]? {
        var critical: CInt = 0
        guard let names = unsafe COpenSSL_subject_alternative_names(x509, &critical) else {
            return critical == -1 ? nil : []
        }
        defer { unsafe COpenSSL_general_names_free(names) }
        return unsafe (0..<COpenSSL_general_names_count(names)).map { index in
            unsafe GeneralName(COpenSSL_general_names_at(names, index))
        }
    }

    /// The name constraints; nil where the certificate has no such extension, or one that cannot be read.
    package var nameConstraints: NameConstraints? {
        var critical: CInt = 0
        guard let constraints = unsafe COpenSSL_name_constraints(x509, &critical) else { return nil }
        defer { unsafe COpenSSL_name_constraints_free(constraints) }
        var isWhole = true
        func bases(excluded: CInt) -> [GeneralName]? {
            let count = unsafe COpenSSL_subtrees_count(constraints, excluded)
            guard count >= 0 else { return nil }
            return (0..<count).map { index in
                let subtree = unsafe COpenSSL_subtrees_at(constraints, excluded, index)
                if unsafe COpenSSL_subtree_is_whole(subtree) != 1 { isWhole = false }
                return unsafe GeneralName(COpenSSL_subtree_base(subtree))
            }
        }
        let (permitted, excluded) = (bases(excluded: 0), bases(excluded: 1))
        return NameConstraints(permitted: permitted, excluded: excluded, isWhole: isWhole)
    }

    /// Whether the name constraints of this certificate allow the names of one below it.
    package func permitsNames(of other: Certificate) -> Bool {
        var critical: CInt = 0
        guard let constraints = unsafe COpenSSL_name_constraints(x509, &critical) else { return true }
        defer { unsafe COpenSSL_name_constraints_free(constraints) }
        ERR_clear_error()
        defer { ERR_clear_error() }
        return unsafe NAME_CONSTRAINTS_check(other.x509, constraints) == X509_V_OK
    }
}

extension GeneralName {
    fileprivate init(_ name: UnsafePointer<GENERAL_NAME>?) {
        guard let name = unsafe name, let octets = unsafe bytes(of: COpenSSL_general_name_string(name)) else {
            self = .other
            return
        }
        switch unsafe COpenSSL_general_name_type(name) {
        case GEN_DNS: self = .dns(octets)
        case GEN_EMAIL: self = .email(octets)
        case GEN_URI: self = .uri(octets)
        default: self = .ip(octets)
        }
    }
}
