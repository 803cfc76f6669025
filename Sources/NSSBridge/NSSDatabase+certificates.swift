internal import CNSS
internal import PostureModel

extension NSSDatabase {
    /// The most bytes of one certificate that are read: sixteen times the size of a large one.
    static let certificateSizeLimit = 65_536

    /// The most bytes of all certificates of a token together.
    static let sizeLimit = 64 << 20

    /// All certificates of the database, in its own order, and then those of the tokens beside it.
    ///
    /// A certificate that is in two tokens is there twice. A token that cannot be read costs its own certificates only,
    /// and is in ``unseen`` afterwards. One that has more than 64 KiB, or that NSS does not give, is passed over, and is in
    /// ``passedOver`` afterwards.
    ///
    /// - Throws: ``NSSError`` where NSS fails on the database itself, or where there are more than 50,000 certificates,
    ///   keys or trust records, or more than 64 MiB of certificates: what is not read is never passed over in silence.
    public borrowing func certificates() throws(NSSError) -> [NSSCertificate] {
        SQLiteGuard.begin(.use)
        notes.passedOver = []
        var (listing, trust) = try NSSDatabase.repeating { isLast throws(NSSError) in
            let trust = try trustRecords()
            return (try Listing(of: tokens.database, trust, passingOver: isLast), trust)
        }
        for token in tokens.all.dropFirst() {
            do throws(NSSError) {
                listing += try NSSDatabase.repeating { isLast throws(NSSError) in
                    try Listing(of: token, trust, passingOver: isLast)
                }
            } catch {
                notes.add("the certificates of \(token.phrase) were not seen: \(error)")
            }
        }
        notes.passedOver = listing.passedOver
        return listing.certificates
    }

    /// Looks up to five times: what another process deletes between the list and the look cannot be looked at.
    ///
    /// Damage says the same each time, and so does a row that cannot be read: `look` is told which time is the last.
    private static func repeating<Value>(_ look: (Bool) throws(NSSError) -> Value) throws(NSSError) -> Value {
        for _ in 0..<4 {
            do throws(NSSError) {
                return try look(false)
            } catch {
                guard case .library = error.code else { throw error }
            }
        }
        return try look(true)
    }

    /// The certificates of one token.
    @NSS
    private struct Listing {
        private(set) var certificates: [NSSCertificate] = []
        private(set) var passedOver: [String] = []

        init(
            of token: Token,
            _ trust: [CertificateName: Trust],
            passingOver isPassingOver: Bool
        ) throws(NSSError) {
            let types = [CKA_LABEL, CKA_VALUE, CKA_ID, CKA_ISSUER, CKA_SERIAL_NUMBER].map { CK_ATTRIBUTE_TYPE($0) }
            var found: [(row: UInt?, values: [[UInt8]])] = []
            var left = NSSDatabase.sizeLimit
            var passedOver: [String] = []
            func passOver(_ label: [UInt8]?, _ row: UInt?, _ reason: String) {
                let nickname = label.map { String(decoding: $0, as: UTF8.self) }
                let place = token.isDatabase ? "" : " of \(token.phrase)"
                passedOver.append("\(NSSCertificate.phrase(nickname: nickname, row: row))\(place) \(reason)")
            }
            try Objects(CK_OBJECT_CLASS(CKO_CERTIFICATE), in: token).forEach(
                types,
                unreadable: { name, error throws(NSSError) in
                    guard isPassingOver else { throw error }
                    let row = token.isDatabase ? name.row : nil
                    passOver(name.label, row, "cannot be read, or is too large (\(error.name))")
                }
            ) { name, values throws(NSSError) in
                let row = token.isDatabase ? name.row : nil
                let size = values[1].count
                if size > NSSDatabase.certificateSizeLimit {
                    let label = values[0].isEmpty ? nil : values[0]
                    passOver(label, row, "has \(size) bytes, more than \(NSSDatabase.certificateSizeLimit)")
                    return
                }
                left -= size
                guard left >= 0 else {
                    throw NSSError(
                        .limitExceeded,
                        call: "PK11_ReadRawAttributes",
                        text: "the certificates of \(token.phrase) have more than \(NSSDatabase.sizeLimit) bytes; "
                            + "refused"
                    )
                }
                found.append((row, values))
            }
            // After the certificates, because a key is imported before its certificate.
            let keys = try NSSDatabase.privateKeyIDs(in: token)
            let supportsPSS = token.supportsPSS
            self.passedOver = passedOver
            certificates = found.map { row, values in
                let key = keys.presence(of: values[2])
                return NSSCertificate(
                    token: token.name,
                    isInDatabase: token.isDatabase,
                    nickname: values[0].isEmpty ? nil : String(decoding: values[0], as: UTF8.self),
                    der: values[1],
                    trust: (trust[CertificateName(issuer: values[3], serial: values[4])] ?? .none).with(key),
                    privateKey: key,
                    id: values[2],
                    supportsPSS: supportsPSS,
                    row: row
                )
            }
        }

        static func += (left: inout Listing, right: Listing) {
            left.certificates += right.certificates
            left.passedOver += right.passedOver
        }
    }

    private static func privateKeyIDs(in token: Token) throws(NSSError) -> PrivateKeys {
        if let lock = token.lock { return .unreadable(reason: lock) }
        var ids: Set<[UInt8]> = []
        try Objects(CK_OBJECT_CLASS(CKO_PRIVATE_KEY), in: token).forEach([CK_ATTRIBUTE_TYPE(CKA_ID)]) { _, values in
            ids.insert(values[0])
        }
        return .ids(ids)
    }

    /// Passes over what NSS does not vouch for: a wrong signature, or a missing one.
    private static func passOverForgery(_: Objects.Name, _ error: NSSError) throws(NSSError) {
        let numbers = [SEC_ERROR_BAD_SIGNATURE.rawValue, SEC_ERROR_BAD_DATA.rawValue]
        guard case .library(let number, _) = error.code, numbers.contains(number) else { throw error }
    }

    private borrowing func trustRecords() throws(NSSError) -> [CertificateName: Trust] {
        let types =
            [CKA_ISSUER, CKA_SERIAL_NUMBER].map { CK_ATTRIBUTE_TYPE($0) } + [
                CNSS_CKA_TRUST_SERVER_AUTH, CNSS_CKA_TRUST_CLIENT_AUTH, CNSS_CKA_TRUST_EMAIL_PROTECTION,
                CNSS_CKA_TRUST_CODE_SIGNING,
            ]
        var records: [CertificateName: Trust] = [:]
        // Trust is authenticated by a key of key4.db. What somebody wrote past NSS is no trust, as in NSS itself.
        try Objects(CNSS_CKO_TRUST, in: tokens.database).forEach(types, unreadable: NSSDatabase.passOverForgery) {
            _,
            values in
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
