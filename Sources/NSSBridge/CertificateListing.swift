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
    package borrowing func certificates() throws(NSSError) -> [NSSCertificate] {
        SQLiteGuard.begin(.use)
        notes.passedOver = []
        var (listing, trust) = try NSSDatabase.repeating { isLast throws(NSSError) in
            let trust = try trustRecords(passingOver: isLast)
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
                // Its nickname, or the name of its issuer, may be as large as itself.
                let size = values.map(\.count).max() ?? 0
                if size > NSSDatabase.certificateSizeLimit {
                    let label = values[0].isEmpty ? nil : values[0]
                    passOver(label, row, "has \(size) bytes, more than \(NSSDatabase.certificateSizeLimit)")
                    return
                }
                left -= values.map(\.count).reduce(0, +)
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
            let keys = try PrivateKeys(in: token, passingOver: isPassingOver)
            let supportsPSS = token.supportsPSS
            self.passedOver = passedOver + keys.passedOver
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

    /// What the database trusts; trust is shown, and decides nothing.
    private borrowing func trustRecords(
        passingOver isPassingOver: Bool
    ) throws(NSSError) -> [CertificateName: Trust] {
        let types =
            [CKA_ISSUER, CKA_SERIAL_NUMBER].map { CK_ATTRIBUTE_TYPE($0) } + [
                CNSS_CKA_TRUST_SERVER_AUTH, CNSS_CKA_TRUST_CLIENT_AUTH, CNSS_CKA_TRUST_EMAIL_PROTECTION,
                CNSS_CKA_TRUST_CODE_SIGNING,
            ]
        var records: [CertificateName: Trust] = [:]
        try Objects(CNSS_CKO_TRUST, in: tokens.database).forEach(
            types,
            unreadable: { _, error throws(NSSError) in
                // Trust is authenticated by a key of key4.db. What somebody wrote past NSS is no trust, as in NSS itself:
                // its signature is wrong, or missing.
                let numbers = [SEC_ERROR_BAD_SIGNATURE.rawValue, SEC_ERROR_BAD_DATA.rawValue]
                if case .library(let number, _) = error.code, numbers.contains(number) { return }
                guard isPassingOver else { throw error }
            }
        ) { _, values in
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

/// The `CKA_ID`s of a token's private keys.
@NSS
private struct PrivateKeys {
    private var ids: Set<[UInt8]> = []
    /// Why there may be others.
    private var doubt: String?
    private(set) var passedOver: [String] = []

    init(in token: Token, passingOver isPassingOver: Bool) throws(NSSError) {
        doubt = token.lock
        guard doubt == nil else { return }
        var ids: Set<[UInt8]> = []
        var passedOver: [String] = []
        try Objects(CK_OBJECT_CLASS(CKO_PRIVATE_KEY), in: token).forEach(
            [CK_ATTRIBUTE_TYPE(CKA_ID)],
            unreadable: { name, error throws(NSSError) in
                guard isPassingOver else { throw error }
                let place = token.isDatabase ? "in row \(name.row) of key4.db" : "of \(token.phrase)"
                passedOver.append("a private key \(place) cannot be read, or is too large (\(error.name))")
            }
        ) { _, values in ids.insert(values[0]) }
        (self.ids, self.passedOver, doubt) = (ids, passedOver, passedOver.first)
    }

    /// An empty `CKA_ID` ties nothing to anything.
    func presence(of id: [UInt8]) -> PrivateKeyPresence {
        if !id.isEmpty, ids.contains(id) { return .present }
        return doubt.map { .unreadable(reason: $0) } ?? .absent
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
