internal import CNSS
internal import PostureModel

extension NSSDatabase {
    /// The most bytes of one certificate that are read: sixteen times the size of a large one.
    static let certificateSizeLimit = 65_536

    /// All certificates of the database, in its own order, and then those of the tokens beside it.
    ///
    /// A certificate that is in two tokens is there twice. A token that cannot be read costs its own certificates only,
    /// and is in ``unseen`` afterwards.
    ///
    /// - Throws: ``NSSError`` where NSS fails on the database itself, or where there are more than 50,000 certificates,
    ///   keys or trust records, or a certificate is larger than 64 KiB: what is not read is never passed over in
    ///   silence.
    public borrowing func certificates() throws(NSSError) -> [NSSCertificate] {
        try NSSDatabase.repeating { () throws(NSSError) in
            let trust = try trustRecords()
            var certificates = try NSSDatabase.certificates(in: tokens.database, trust)
            for token in tokens.all.dropFirst() {
                do throws(NSSError) {
                    certificates += try NSSDatabase.repeating { () throws(NSSError) in
                        try NSSDatabase.certificates(in: token, trust)
                    }
                } catch {
                    notes.add("the certificates of \(token.phrase) were not seen: \(error)")
                }
            }
            return certificates
        }
    }

    /// Looks up to five times: what another process deletes between the list and the look cannot be looked at.
    ///
    /// Damage says the same each time.
    private static func repeating<Value>(_ look: () throws(NSSError) -> Value) throws(NSSError) -> Value {
        for _ in 0..<4 {
            do throws(NSSError) {
                return try look()
            } catch {
                guard case .library = error.code else { throw error }
            }
        }
        return try look()
    }

    private static func certificates(
        in token: Token,
        _ trust: [CertificateName: Trust]
    ) throws(NSSError) -> [NSSCertificate] {
        let types = [CKA_LABEL, CKA_VALUE, CKA_ID, CKA_ISSUER, CKA_SERIAL_NUMBER].map { CK_ATTRIBUTE_TYPE($0) }
        var found: [[[UInt8]]] = []
        try Objects(CK_OBJECT_CLASS(CKO_CERTIFICATE), in: token).forEach(types) { values throws(NSSError) in
            guard values[1].count <= NSSDatabase.certificateSizeLimit else {
                throw NSSError(
                    .limitExceeded,
                    call: "PK11_ReadRawAttributes",
                    text: "a certificate of \(token.phrase) has \(values[1].count) bytes, more than "
                        + "\(NSSDatabase.certificateSizeLimit); refused"
                )
            }
            found.append(values)
        }
        // After the certificates, because a key is imported before its certificate.
        let keys = try privateKeyIDs(in: token)
        let supportsPSS = token.supportsPSS
        return found.map { values in
            let key = keys.presence(of: values[2])
            return NSSCertificate(
                token: token.name,
                isInDatabase: token.isDatabase,
                nickname: values[0].isEmpty ? nil : String(decoding: values[0], as: UTF8.self),
                der: values[1],
                trust: (trust[CertificateName(issuer: values[3], serial: values[4])] ?? .none).with(key),
                privateKey: key,
                id: values[2],
                supportsPSS: supportsPSS
            )
        }
    }

    private static func privateKeyIDs(in token: Token) throws(NSSError) -> PrivateKeys {
        if let lock = token.lock { return .unreadable(reason: lock) }
        var ids: Set<[UInt8]> = []
        try Objects(CK_OBJECT_CLASS(CKO_PRIVATE_KEY), in: token).forEach([CK_ATTRIBUTE_TYPE(CKA_ID)]) { values in
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
        try Objects(CNSS_CKO_TRUST, in: tokens.database).forEach(types, damaged: { _ in }) { values in
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
