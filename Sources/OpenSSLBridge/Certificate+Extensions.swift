internal import COpenSSL

extension Certificate {
    /// An extension as it stands in the certificate (RFC 5280 §4.1).
    package struct Extension: Sendable, Equatable {
        /// The dotted OID.
        package let oid: String
        /// Whether whoever does not know it has to refuse the certificate.
        package let isCritical: Bool
    }

    /// What the key usage extension allows (RFC 5280 §4.2.1.3).
    package struct KeyUsage: OptionSet, Sendable {
        /// The bits as OpenSSL numbers them.
        package let rawValue: UInt32

        /// Makes a usage of bits.
        package init(rawValue: UInt32) { self.rawValue = rawValue }

        /// Signatures other than on certificates and CRLs.
        package static let digitalSignature = KeyUsage(rawValue: UInt32(KU_DIGITAL_SIGNATURE))
        /// Agreeing on keys, as in (EC)DH.
        package static let keyAgreement = KeyUsage(rawValue: UInt32(KU_KEY_AGREEMENT))
        /// Signatures on certificates.
        package static let keyCertSign = KeyUsage(rawValue: UInt32(KU_KEY_CERT_SIGN))
        /// Signatures on CRLs.
        package static let cRLSign = KeyUsage(rawValue: UInt32(KU_CRL_SIGN))
    }

    /// The extensions, in the certificate's order.
    package var extensions: [Extension] {
        unsafe (0..<X509_get_ext_count(x509)).map { index in
            let entry = unsafe X509_get_ext(x509, index)
            return unsafe Extension(
                oid: dotted(X509_EXTENSION_get_object(entry)),
                isCritical: X509_EXTENSION_get_critical(entry) != 0
            )
        }
    }

    /// Whether OpenSSL can read every extension that it knows; to its validation, one that it cannot read is not there.
    package var isWellFormed: Bool {
        ERR_clear_error()
        defer { ERR_clear_error() }
        return unsafe (0..<X509_get_ext_count(x509)).allSatisfy { index in
            unsafe COpenSSL_is_unreadable(X509_get_ext(x509, index)) == 0
        }
    }

    /// Whether the certificate policies are critical and have a qualifier that OpenSSL does not know.
    package var hasUnknownPolicyQualifier: Bool { unsafe COpenSSL_has_unknown_policy_qualifier(x509) == 1 }

    /// The extended key usages as dotted OIDs; nil where the certificate has no such extension, empty where it has
    /// one that cannot be read.
    package var extendedKeyUsages: [String]? {
        var critical: CInt = 0
        guard let usages = unsafe COpenSSL_extended_key_usage(x509, &critical) else {
            return critical == -1 ? nil : []
        }
        defer { unsafe COpenSSL_usages_free(usages) }
        return unsafe (0..<COpenSSL_usages_count(usages)).map { index in
            unsafe dotted(COpenSSL_usages_at(usages, index))
        }
    }

    /// The key usages; nil where the certificate has no such extension, and so is not restricted.
    package var keyUsage: KeyUsage? {
        // X509_get_key_usage(3) gives all bits where there is no extension.
        let bits = unsafe X509_get_key_usage(x509)
        return bits == .max ? nil : KeyUsage(rawValue: bits)
    }

    /// Whether the certificate may be a CA's: by its basic constraints, or in the ways of before there were any.
    package var isCA: Bool {
        // X509_check_ca(3) takes one without keyCertSign for none, whatever its basic constraints say.
        unsafe X509_check_ca(x509) > 0 || X509_get_extension_flags(x509) & UInt32(EXFLAG_CA) != 0
    }

    /// Whether the basic constraints say that it is a CA's, and the key usage, where there is one, that it may sign
    /// certificates.
    package var mayIssue: Bool {
        unsafe X509_check_ca(x509) == 1
    }

    /// How many CAs may stand between this one and an end entity; nil for any number (RFC 5280 §4.2.1.9).
    package var pathLength: Int? {
        let length = unsafe X509_get_pathlen(x509)
        return length < 0 ? nil : length
    }

    /// Whether the key may make signatures: it has no key usage extension, or one with `digitalSignature`.
    package var allowsDigitalSignature: Bool {
        keyUsage?.contains(.digitalSignature) ?? true
    }

    /// The subject key identifier; nil where there is none.
    package var subjectKeyIdentifier: [UInt8]? {
        unsafe bytes(of: X509_get0_subject_key_id(x509))
    }

    /// The key identifier of the issuer; nil where there is none.
    package var authorityKeyIdentifier: [UInt8]? {
        unsafe bytes(of: X509_get0_authority_key_id(x509))
    }
}
