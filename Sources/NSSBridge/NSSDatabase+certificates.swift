internal import CNSS
internal import PostureModel

extension NSSDatabase {
    /// The most bytes of one certificate that are read: sixteen times the size of a large one.
    static let certificateSizeLimit = 65_536

    /// All certificates of the database, in its own order.
    ///
    /// - Throws: ``NSSError`` where NSS fails, or where there are more than 50,000 certificates, keys or trust records,
    ///   or a certificate is larger than 64 KiB: what is not read is never passed over in silence.
    public borrowing func certificates() throws(NSSError) -> [NSSCertificate] {
        let keys = try privateKeyIDs()
        let trust = try trustRecords()
        let types = [CKA_LABEL, CKA_VALUE, CKA_ID, CKA_ISSUER, CKA_SERIAL_NUMBER].map { CK_ATTRIBUTE_TYPE($0) }
        var certificates: [NSSCertificate] = []
        try Objects(CK_OBJECT_CLASS(CKO_CERTIFICATE), in: slot).forEach(types) { values throws(NSSError) in
            let (label, der, id) = (values[0], values[1], values[2])
            guard der.count <= NSSDatabase.certificateSizeLimit else {
                throw NSSError(
                    .limitExceeded,
                    call: "PK11_ReadRawAttributes",
                    text: "a certificate of the database has \(der.count) bytes, more than "
                        + "\(NSSDatabase.certificateSizeLimit); refused"
                )
            }
            let key = keys.presence(of: id)
            certificates.append(
                NSSCertificate(
                    nickname: label.isEmpty ? nil : String(decoding: label, as: UTF8.self),
                    der: der,
                    trust: (trust[CertificateName(issuer: values[3], serial: values[4])] ?? .none).with(key),
                    privateKey: key,
                    id: id
                )
            )
        }
        return certificates
    }

    private borrowing func privateKeyIDs() throws(NSSError) -> PrivateKeys {
        if slot.isLocked {
            return .unreadable(reason: "the keys of the database are protected by a password")
        }
        var ids: Set<[UInt8]> = []
        try Objects(CK_OBJECT_CLASS(CKO_PRIVATE_KEY), in: slot).forEach([CK_ATTRIBUTE_TYPE(CKA_ID)]) { values in
            ids.insert(values[0])
        }
        return .ids(ids)
    }

    private borrowing func trustRecords() throws(NSSError) -> [CertificateName: Trust] {
        let types =
            [CKA_ISSUER, CKA_SERIAL_NUMBER].map { CK_ATTRIBUTE_TYPE($0) } + [
                CNSS_CKA_TRUST_SERVER_AUTH, CNSS_CKA_TRUST_CLIENT_AUTH, CNSS_CKA_TRUST_EMAIL_PROTECTION,
                CNSS_CKA_TRUST_CODE_SIGNING,
            ]
        var records: [CertificateName: Trust] = [:]
        // Trust is authenticated by a key of key4.db. What somebody wrote past NSS is no trust, as in NSS itself.
        try Objects(CNSS_CKO_TRUST, in: slot).forEach(types, damaged: { _ in }) { values in
            let levels = values[2...].map(CK_TRUST.init(native:))
            records[CertificateName(issuer: values[0], serial: values[1])] = Trust(
                server: levels[0],
                client: levels[1],
                email: levels[2],
                codeSigning: levels[3]
            )
        }
        return records
    }
}

/// What ties a trust record to its certificate.
private struct CertificateName: Hashable {
    let issuer: [UInt8]
    let serial: [UInt8]
}

private enum PrivateKeys {
    case ids(Set<[UInt8]>)
    case unreadable(reason: String)

    /// An empty `CKA_ID` ties nothing to anything.
    func presence(of id: [UInt8]) -> PrivateKeyPresence {
        switch self {
        case .ids(let ids): !id.isEmpty && ids.contains(id) ? .present : .absent
        case .unreadable(let reason): .unreadable(reason: reason)
        }
    }
}

extension CK_TRUST {
    /// PKCS #11 gives numbers in the machine's own byte order; one of another length is no level that we know.
    fileprivate init(native bytes: [UInt8]) {
        guard bytes.count == MemoryLayout<CK_TRUST>.size else {
            self = 0
            return
        }
        let number = bytes.reversed().reduce(CK_TRUST(0)) { $0 << 8 | CK_TRUST($1) }
        self = CK_TRUST(littleEndian: number)
    }
}
